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
            default -> OTHER;
        };
    }

    /** Folder of the DDL in {@code sql/}; null when there is none. */
    @Nullable
    String sqlFolder() {
        return sqlFolder;
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
