/** Spring Boot: every DataSource bean takes part in global transactions, checked at start-up. */
@NullMarked
package io.entente.rm.spring;

import org.jspecify.annotations.NullMarked;
