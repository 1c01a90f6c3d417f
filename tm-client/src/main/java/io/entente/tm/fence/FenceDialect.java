package io.entente.tm.fence;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How databases differ for the fence. */
enum FenceDialect {
    H2("h2", "", ""),
    /** A failed statement ends the whole transaction there, so that a row that is present must be no failure. */
    POSTGRESQL("postgresql", " ON CONFLICT DO NOTHING", " ON CONFLICT DO NOTHING"),
    /**
     * A plain insert that meets a row locks it shared: two of them would wait for each other when both go on to change
     * it. The update locks it exclusively, but does not tell reliably whether it inserted.
     */
    MYSQL("mysql", "", " ON DUPLICATE KEY UPDATE xid = xid"),
    /** Written for, never run on a server. */
    ORACLE("oracle", "", ""),
    /** Written for, never run on a server. With XACT_ABORT on, a row that is present ends the local transaction. */
    SQLSERVER("sqlserver", "", ""),
    /** Standard SQL, as far as it goes; the table is made by hand. */
    OTHER(null, "", "");

    private final @Nullable String sqlFolder;
    private final String insertSuffix;
    private final String ensureSuffix;

    FenceDialect(@Nullable String sqlFolder, String insertSuffix, String ensureSuffix) {
        this.sqlFolder = sqlFolder;
        this.insertSuffix = insertSuffix;
        this.ensureSuffix = ensureSuffix;
    }

    static FenceDialect of(Connection connection) throws SQLException {
        String product = connection.getMetaData().getDatabaseProductName().toLowerCase(Locale.ROOT);
        return switch (product) {
            case "h2" -> H2;
            case "postgresql" -> POSTGRESQL;
            case "mysql", "mariadb" -> MYSQL;
            case "oracle" -> ORACLE;
            case "microsoft sql server" -> SQLSERVER;
            default -> OTHER;
        };
    }

    /** Folder of the DDL in {@code sql/}; null when there is none. */
    @Nullable
    String sqlFolder() {
        return sqlFolder;
    }

    /** A query that keeps its row from others until the transaction ends. */
    String lockingQuery(String columns, String table, String condition) {
        return this == SQLSERVER
                ? "SELECT " + columns + " FROM " + table + " WITH (UPDLOCK, ROWLOCK) WHERE " + condition
                : "SELECT " + columns + " FROM " + table + " WHERE " + condition + " FOR UPDATE";
    }

    /** Whether a failure says that a name of the statement is missing: class 42, to which one driver does not keep. */
    boolean missesAName(SQLException failure) {
        return (failure.getSQLState() != null && failure.getSQLState().startsWith("42"))
                || (this == SQLSERVER && (failure.getErrorCode() == 207 || failure.getErrorCode() == 208));
    }

    /** The type of the results of saga steps. */
    String resultType() {
        return switch (this) {
            case MYSQL -> "LONGTEXT";
            case POSTGRESQL -> "TEXT";
            case SQLSERVER -> "NVARCHAR(MAX)";
            case H2, ORACLE, OTHER -> "CLOB";
        };
    }

    /** The clause that adds that column. */
    String addsResult() {
        boolean withoutColumn = this == ORACLE || this == SQLSERVER;
        return withoutColumn ? "ADD" : "ADD COLUMN";
    }

    /** What follows an insert that has to tell whether it inserted: by its count, or by failing. */
    String insertSuffix() {
        return insertSuffix;
    }

    /** What follows an insert that only has to leave a row, whoever wrote it. */
    String ensureSuffix() {
        return ensureSuffix;
    }
}
