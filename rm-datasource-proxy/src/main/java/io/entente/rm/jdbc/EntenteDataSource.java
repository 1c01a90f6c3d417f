package io.entente.rm.jdbc;

import io.entente.rm.branch.AtDatabase;
import io.entente.rm.branch.BranchCoordinator;
import io.entente.rm.branch.ResourceId;
import io.entente.rm.capture.Capturing;
import io.entente.rm.capture.ReadableTables;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.sql.SqlRecognizer;
import io.entente.rm.table.TableMetadata;
import io.entente.rm.table.UserFunctions;
import io.entente.rm.table.Writers;
import io.entente.rm.undo.UndoLog;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ConnectionBuilder;
import java.sql.DatabaseMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.ShardingKeyBuilder;
import java.time.Clock;
import java.util.Collections;
import java.util.Set;
import java.util.WeakHashMap;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A data source whose connections take part in global transactions by AT.
 *
 * <p>Outside a global transaction every call goes to the wrapped data source as it is. Inside one, INSERT, UPDATE and
 * DELETE are executed together with queries that capture the rows before and after; the local commit registers a
 * branch, writes these images as an undo row and commits both. Statements that cannot be undone are refused before
 * they run.
 *
 * <p>Thread-safe as far as the wrapped one is.
 */
public final class EntenteDataSource implements DataSource {

    private final DataSource real;
    private final BranchCoordinator coordinator;
    private final AtSettings settings;
    private final WaitingTime time;
    private final ReadMarks marks = new ReadMarks();
    private volatile @Nullable AtResource resource;
    /**
     * The driver's connections that were seen to be to the {@link #resource}. A pool gives them again and again, and some
     * drivers take long to tell their URL.
     */
    private final Set<Connection> seen = Collections.synchronizedSet(Collections.newSetFromMap(new WeakHashMap<>()));

    EntenteDataSource(DataSource real, BranchCoordinator coordinator, AtSettings settings, WaitingTime time) {
        this.real = real;
        this.coordinator = coordinator;
        this.settings = settings;
        this.time = time;
    }

    /**
     * Wraps a data source once: what already is an Entente data source, or wraps one, is returned as it is. Opens no
     * connection.
     */
    public static DataSource wrap(DataSource dataSource, BranchCoordinator coordinator, AtSettings settings)
            throws SQLException {
        if (dataSource.isWrapperFor(EntenteDataSource.class)) {
            return dataSource;
        }
        return new EntenteDataSource(dataSource, coordinator, settings, WaitingTime.REAL);
    }

    /**
     * Opens a connection, finds out which database this is and serves it to the coordinator; otherwise that happens
     * with the first statement inside a global transaction.
     *
     * @param createUndoLogTable whether to create a missing undo_log table
     * @throws io.entente.rm.dialect.UnsupportedDatabaseException the database is none of the supported ones
     * @throws io.entente.rm.undo.UndoTableMissingException there is no undo_log table; the message holds the path of
     *     its DDL
     * @throws SQLException the database cannot be reached
     */
    public void start(boolean createUndoLogTable) throws SQLException {
        try (Connection connection = real.getConnection()) {
            AtResource started = resource(connection, undoLog -> {
                if (createUndoLogTable) {
                    undoLog.createTable(connection);
                }
                undoLog.verifyTable(connection);
            });
            started.capturing().dialect().probe(connection);
        }
    }

    /**
     * The database behind a connection of the wrapped data source.
     *
     * @throws SQLException it is another one than before: a branch of it could not be found again in phase two
     */
    AtResource resource(Connection connection) throws SQLException {
        AtResource known = resource;
        Connection session =
                connection.isWrapperFor(Connection.class) ? connection.unwrap(Connection.class) : connection;
        if (known != null && seen.contains(session)) {
            return known;
        }
        AtResource asked = resource(connection, undoLog -> {});
        if (ResourceId.isOfUrlAlone(asked.id())) {
            seen.add(session);
        }
        return asked;
    }

    /** What has to be done in a database before it is served. */
    private interface Preparation {
        void of(UndoLog undoLog) throws SQLException;
    }

    private AtResource resource(Connection connection, Preparation preparation) throws SQLException {
        DatabaseMetaData metaData = connection.getMetaData();
        String id = ResourceId.of(metaData);
        AtResource known = resource;
        if (known == null) {
            known = detect(metaData, id, preparation);
        } else {
            preparation.of(known.undoLog());
        }
        if (!known.id().equals(id)) {
            throw new SQLException("The data source " + real + " gives connections to " + known.id() + " and to " + id
                    + ". One that routes cannot take part in a global transaction: make its targets Entente data sources"
                    + " (with Spring: beans of their own) and exclude the routing one (entente.at.exclude).");
        }
        return known;
    }

    private synchronized AtResource detect(DatabaseMetaData metaData, String id, Preparation preparation)
            throws SQLException {
        AtResource known = resource;
        if (known != null) {
            preparation.of(known.undoLog());
            return known;
        }
        Dialect dialect = Dialect.of(metaData);
        UndoLog undoLog = new UndoLog(dialect, settings.undoLog(), Clock.systemUTC());
        // From then on the coordinator may ask for a rollback.
        preparation.of(undoLog);
        coordinator.serve(new AtDatabase(id, real, undoLog));
        TableMetadata tables = new TableMetadata(dialect, settings.metadataLifetime(), System::nanoTime);
        AtResource detected = new AtResource(
                id,
                new SqlRecognizer(AtResource.syntax(dialect)),
                new Capturing(
                        dialect,
                        tables,
                        new UserFunctions(dialect::writers, settings.metadataLifetime(), System::nanoTime),
                        new ReadableTables(
                                tables,
                                new UserFunctions(
                                        connection -> Writers.of(dialect.readingFunctions(connection)),
                                        settings.metadataLifetime(),
                                        System::nanoTime),
                                settings.metadataLifetime(),
                                System::nanoTime),
                        settings.unseenEffectsAllowed(),
                        settings.incrementLocks()),
                new Scopes(dialect),
                undoLog,
                coordinator,
                settings.lockWait(),
                time,
                marks);
        resource = detected;
        return detected;
    }

    /** What the coordinator has told to those who read. */
    ReadMarks marks() {
        return marks;
    }

    @Override
    public Connection getConnection() throws SQLException {
        return new EntenteConnection(this, real.getConnection());
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return new EntenteConnection(this, real.getConnection(username, password));
    }

    /**
     * Builds connections of the wrapped data source that capture nothing.
     *
     * @throws SQLFeatureNotSupportedException always: they would bypass the global transaction
     */
    @Override
    public ConnectionBuilder createConnectionBuilder() throws SQLException {
        throw new SQLFeatureNotSupportedException(
                "An Entente data source has no connection builder: its connections would capture nothing."
                        + " Use getConnection(), or unwrap the data source for work outside global transactions.");
    }

    @Override
    public ShardingKeyBuilder createShardingKeyBuilder() throws SQLException {
        return real.createShardingKeyBuilder();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return real.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        real.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        real.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return real.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return real.getParentLogger();
    }

    /** The wrapped data source itself, when it is of the type, comes before what it wraps. */
    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        return type.isInstance(real) ? type.cast(real) : real.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return type.isInstance(this) || type.isInstance(real) || real.isWrapperFor(type);
    }

    @Override
    public String toString() {
        return "EntenteDataSource(" + real + ")";
    }
}
