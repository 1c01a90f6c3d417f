/** What the application asked a statement for, and the results that it is given where the driver does not have them. */
@NullMarked
package io.entente.rm.call;

import org.jspecify.annotations.NullMarked;
