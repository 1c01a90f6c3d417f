/** Tests of the transaction manager's API without Spring. */
@NullMarked
package io.entente.tm;

import org.jspecify.annotations.NullMarked;
