/** Java programs in processes of their own, to which everything may happen. */
@NullMarked
package io.entente.tc.process;

import org.jspecify.annotations.NullMarked;
