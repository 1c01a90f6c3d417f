/** Coordinators that replicate their log, with clients, over real sockets. */
@NullMarked
package io.entente.tc.cluster;

import org.jspecify.annotations.NullMarked;
