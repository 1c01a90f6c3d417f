/** Pages of the documentation that tests write. */
@NullMarked
package io.entente.tc.document;

import org.jspecify.annotations.NullMarked;
