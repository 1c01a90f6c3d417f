@NullMarked
package io.entente.tm.spring.saga;

import org.jspecify.annotations.NullMarked;
