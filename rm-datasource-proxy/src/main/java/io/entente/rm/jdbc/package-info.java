/** The JDBC side: a data source whose connections capture what statements do inside a global transaction. */
@NullMarked
package io.entente.rm.jdbc;

import org.jspecify.annotations.NullMarked;
