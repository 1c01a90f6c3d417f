@NullMarked
package io.entente.tm.spring.tcc;

import org.jspecify.annotations.NullMarked;
