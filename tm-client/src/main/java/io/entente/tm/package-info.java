/** The transaction manager: what application code uses to run global transactions, with or without Spring. */
@NullMarked
package io.entente.tm;

import org.jspecify.annotations.NullMarked;
