/** The coordinator's durable memory: an ordered log of entries and snapshots behind one narrow interface. */
@NullMarked
package io.entente.tc.log;

import org.jspecify.annotations.NullMarked;
