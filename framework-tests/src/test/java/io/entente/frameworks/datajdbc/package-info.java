/** Spring Data JDBC. */
package io.entente.frameworks.datajdbc;
