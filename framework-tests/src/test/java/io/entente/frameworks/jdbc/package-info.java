/** Plain JDBC by the means of Spring. */
package io.entente.frameworks.jdbc;
