/** Spring Boot: every DataSource bean takes part in global transactions, by AT or XA, checked at start-up. */
@NullMarked
package io.entente.rm.spring;

import org.jspecify.annotations.NullMarked;
