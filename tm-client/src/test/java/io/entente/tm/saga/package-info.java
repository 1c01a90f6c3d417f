@NullMarked
package io.entente.tm.saga;

import org.jspecify.annotations.NullMarked;
