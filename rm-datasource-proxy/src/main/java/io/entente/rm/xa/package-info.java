/** XA mode: branches are prepared and committed by the databases themselves. */
@NullMarked
package io.entente.rm.xa;

import org.jspecify.annotations.NullMarked;
