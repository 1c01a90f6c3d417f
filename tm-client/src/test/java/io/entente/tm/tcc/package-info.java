@NullMarked
package io.entente.tm.tcc;

import org.jspecify.annotations.NullMarked;
