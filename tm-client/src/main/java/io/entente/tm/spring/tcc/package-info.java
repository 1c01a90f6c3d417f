/** Spring Boot: TCC actions as annotated methods of beans, fenced in the application's own local transactions. */
@NullMarked
package io.entente.tm.spring.tcc;

import org.jspecify.annotations.NullMarked;
