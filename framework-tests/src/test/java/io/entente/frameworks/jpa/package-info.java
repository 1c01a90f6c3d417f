/** Hibernate, through Spring Data JPA. */
package io.entente.frameworks.jpa;
