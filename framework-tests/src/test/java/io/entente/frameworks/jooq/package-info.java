/** jOOQ with Spring Boot. */
package io.entente.frameworks.jooq;
