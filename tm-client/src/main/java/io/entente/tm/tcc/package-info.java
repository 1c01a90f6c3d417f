/** TCC: actions that the application tries, confirms and cancels itself. */
@NullMarked
package io.entente.tm.tcc;

import org.jspecify.annotations.NullMarked;
