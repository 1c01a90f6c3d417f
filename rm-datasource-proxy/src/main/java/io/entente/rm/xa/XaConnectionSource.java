package io.entente.rm.xa;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.logging.Logger;
import javax.sql.DataSource;
import javax.sql.XAConnection;
import javax.sql.XADataSource;

/**
 * The physical connections of an ordinary {@link XADataSource}, each with its XA resource, for a pool to keep. To be put
 * under the pool of an {@link EntenteXaDataSource}:
 *
 * <pre>{@code
 * HikariConfig pool = new HikariConfig();
 * pool.setDataSource(new XaConnectionSource(xaDataSource));
 * DataSource orders = EntenteXaDataSource.wrap(new HikariDataSource(pool), resources);
 * }</pre>
 */
public final class XaConnectionSource implements DataSource {

    private final XADataSource source;

    public XaConnectionSource(XADataSource source) {
        this.source = source;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return open(source.getXAConnection());
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return open(source.getXAConnection(username, password));
    }

    PhysicalConnection open() throws SQLException {
        return open(source.getXAConnection());
    }

    private static PhysicalConnection open(XAConnection connection) throws SQLException {
        try {
            return new PhysicalConnection(connection, connection.getConnection(), connection.getXAResource());
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return source.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        source.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        source.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return source.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return source.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        if (type.isInstance(source)) {
            return type.cast(source);
        }
        throw new SQLException(this + " is no " + type.getName() + " and wraps none.");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return type.isInstance(this) || type.isInstance(source);
    }

    @Override
    public String toString() {
        return "XaConnectionSource(" + source + ")";
    }
}
