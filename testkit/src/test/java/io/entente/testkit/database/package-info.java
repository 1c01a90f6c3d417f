/** Tests of the databases for tests. */
@NullMarked
package io.entente.testkit.database;

import org.jspecify.annotations.NullMarked;
