/** MyBatis with Spring Boot. */
package io.entente.frameworks.mybatis;
