package io.entente.rm.table;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads table descriptions from one kind of database's catalog; uncached. */
public interface TableReader {

    /**
     * A text that differs whenever an unqualified table name may mean a different table on this connection: the current
     * database, schema or search path.
     */
    String scope(Connection connection) throws SQLException;

    /** As {@link #scope}, of a session where statements may have changed it, which not every driver notices. */
    default String scopeOfSession(Connection connection) throws SQLException {
        return scope(connection);
    }

    /**
     * Resolves a name as a statement wrote it, the way this database would.
     *
     * @param schema the qualifier as written, quotes included (the database on MySQL and MariaDB); null when there is
     *     none
     * @param name the table as written, quotes included
     * @throws TableNotUsableException there is no such table, or it is not a table that can take part
     */
    TableName resolve(Connection connection, @Nullable String schema, String name) throws SQLException;

    /**
     * Reads a table's columns and key.
     *
     * @throws TableNotUsableException the table is gone, or has no usable key
     */
    Table read(Connection connection, TableName name) throws SQLException;

    /** All unique keys over plain columns. */
    List<UniqueKey> uniqueKeys(Connection connection, TableName name) throws SQLException;

    /** All that runs when rows of the table change; what is switched off is left out. */
    List<Trigger> triggers(Connection connection, TableName name) throws SQLException;

    /** What may write rows unseen, as far as the catalog tells. */
    default Writers writers(Connection connection) throws SQLException {
        return Writers.NONE;
    }

    /**
     * Functions that users of the database have made and that may read tables, as far as the catalog tells: names in lower
     * case, without schema.
     */
    default Set<String> readingFunctions(Connection connection) throws SQLException {
        return Set.of();
    }

    /** Which of the functions among the {@link #writers} the table itself calls, in its defaults and checks. */
    default List<HiddenCall> hiddenCalls(Connection connection, TableName name) throws SQLException {
        return List.of();
    }

    /** See {@link TableDefinition#storageIds}. */
    default Set<Long> storageIds(Connection connection, TableName name) throws SQLException {
        return Set.of();
    }

    /** The foreign keys of other tables, or of the same, that refer to the table. */
    default List<ReferencingKey> referencing(Connection connection, TableName name) throws SQLException {
        return ReferencingKey.read(connection, name);
    }

    /** See {@link TableDefinition#checks}. */
    default @Nullable List<String> checks(Connection connection, TableName name) throws SQLException {
        return null;
    }

    /** See {@link TableDefinition#neverGiven}. */
    default Set<String> neverGiven(Connection connection, TableName name) throws SQLException {
        return Set.of();
    }

    /**
     * Reads all there is to know.
     *
     * @throws TableNotUsableException the table is gone, or has no usable key
     */
    default TableDefinition define(Connection connection, TableName name) throws SQLException {
        return new TableDefinition(
                read(connection, name),
                uniqueKeys(connection, name),
                triggers(connection, name),
                referencing(connection, name),
                storageIds(connection, name),
                neverGiven(connection, name),
                checks(connection, name),
                hiddenCalls(connection, name));
    }
}
