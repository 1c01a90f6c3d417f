/** Sagas in Spring Boot: bean {@code Sagas}, sagas that are beans, and methods with {@code @Compensable}. */
@NullMarked
package io.entente.tm.spring.saga;

import org.jspecify.annotations.NullMarked;
