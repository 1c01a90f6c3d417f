/** What applications put between themselves and JDBC, each with the same application beside it that has no Entente. */
package io.entente.frameworks;
