/** What the database says about a table: its name, its columns and the key that identifies a row. */
@NullMarked
package io.entente.rm.table;

import org.jspecify.annotations.NullMarked;
