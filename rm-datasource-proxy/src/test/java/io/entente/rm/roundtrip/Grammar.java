package io.entente.rm.roundtrip;

import io.entente.testkit.database.TestDatabase.Kind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one kind of database has of its own. */
interface Grammar {

    Kind kind();

    List<ColumnType> types();

    /** Names of columns and tables as they are written: plain ones, keywords, and whatever quoting allows. */
    List<String> columnNames();

    List<String> tableNames();

    /** A column definition behind its name, which generates numbers where no value is given. */
    String identity();

    /** A generated column's definition behind its type, made from a number. */
    String generated(String number);

    /** Statements that only this database has. */
    List<Form> forms();

    /** A literal where nothing but itself says its type. */
    String typed(String literal, ColumnSpec column);

    /** A clause that makes the database write the time of each change into a column of this type; null without one. */
    default @Nullable String ownTime(ColumnType type) {
        return null;
    }

    /** Whether a statement that fails leaves nothing but a rollback of its local transaction. */
    default boolean failureEndsTransaction() {
        return false;
    }

    /** Whether a column of this type may have a default. */
    default boolean canBeDefault(ColumnType type) {
        return true;
    }

    /** Behind ORDER BY: only the first row. */
    default String firstRow() {
        return " LIMIT 1";
    }

    /** Names of the key columns as JDBC wants them for generated keys. */
    List<String> keyNames(TableSpec table);

    /** What makes the clock of both databases show the same time; empty where that cannot be done. */
    List<String> sameTime(long number);

    static Grammar of(Kind kind) {
        return switch (kind) {
            case H2 -> new H2Grammar();
            case POSTGRESQL -> new PostgreSqlGrammar();
            case MARIADB -> new MariaDbGrammar();
        };
    }
}
