package io.entente.rm.jdbc;

import io.entente.rm.forwarding.ForwardingDatabaseMetaData;
import io.entente.rm.forwarding.ForwardingResultSet;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/** Metadata that leaks no real connection. */
final class EntenteDatabaseMetaData extends ForwardingDatabaseMetaData {

    private final EntenteConnection connection;

    EntenteDatabaseMetaData(EntenteConnection connection, DatabaseMetaData real) {
        super(real);
        this.connection = connection;
    }

    @Override
    public Connection getConnection() {
        return connection;
    }

    @Override
    protected ResultSet wrap(ResultSet results) {
        return new MetaDataResultSet(connection, results);
    }

    /** Some drivers answer with a result set that has a statement, which would lead to the real connection. */
    private static final class MetaDataResultSet extends ForwardingResultSet {

        private final EntenteConnection connection;

        MetaDataResultSet(EntenteConnection connection, ResultSet real) {
            super(real);
            this.connection = connection;
        }

        @Override
        public @Nullable Statement getStatement() throws SQLException {
            Statement statement = real.getStatement();
            return statement == null ? null : new EntenteStatement(connection, statement);
        }
    }
}
