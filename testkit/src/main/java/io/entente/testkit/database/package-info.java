/** Real databases for tests, with nothing to install: H2 in memory, PostgreSQL and MariaDB as Maven artifacts. */
@NullMarked
package io.entente.testkit.database;

import org.jspecify.annotations.NullMarked;
