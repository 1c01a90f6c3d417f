package io.entente.rm.undo;

import io.entente.rm.dialect.TestedDatabase;
import io.entente.testkit.database.TestDatabase;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import javax.sql.DataSource;
import org.apache.seata.core.compressor.CompressorFactory;
import org.apache.seata.core.compressor.CompressorType;
import org.apache.seata.core.context.RootContext;
import org.apache.seata.core.model.BranchStatus;
import org.apache.seata.core.model.BranchType;
import org.apache.seata.core.model.Resource;
import org.apache.seata.rm.DefaultResourceManager;
import org.apache.seata.rm.datasource.ConnectionProxy;
import org.apache.seata.rm.datasource.DataSourceManager;
import org.apache.seata.rm.datasource.DataSourceProxy;
import org.apache.seata.rm.datasource.sql.struct.TableMetaCacheFactory;
import org.apache.seata.rm.datasource.sql.struct.TableRecords;
import org.apache.seata.rm.datasource.undo.BranchUndoLog;
import org.apache.seata.rm.datasource.undo.SQLUndoLog;
import org.apache.seata.rm.datasource.undo.mariadb.MariadbUndoLogManager;
import org.apache.seata.rm.datasource.undo.parser.JacksonUndoLogParser;
import org.apache.seata.sqlparser.SQLType;
import org.apache.seata.sqlparser.struct.ColumnMeta;
import org.apache.seata.sqlparser.struct.IndexMeta;
import org.apache.seata.sqlparser.struct.IndexType;
import org.apache.seata.sqlparser.struct.TableMeta;

/** Undo rows as Seata's own client writes them. */
final class SeataClient {

    private final TestDatabase.Kind kind;
    /** Seata caches what it knows of a table, and each test has its own. */
    private final String resource = UUID.randomUUID().toString();

    private final JacksonUndoLogParser parser = new JacksonUndoLogParser();
    private final List<SQLUndoLog> items = new ArrayList<>();

    SeataClient(TestDatabase.Kind kind) {
        this.kind = kind;
        parser.init();
    }

    // ---------------------------------------------------------------- the client itself

    /** Runs work as an application on Seata does, and commits it locally as this branch. */
    static void branch(TestedDatabase server, String xid, long branchId, Work work) throws SQLException {
        DefaultResourceManager.get();
        DefaultResourceManager.mockResourceManager(BranchType.AT, new Registrations(branchId));
        DataSource plain = (DataSource) Proxy.newProxyInstance(
                SeataClient.class.getClassLoader(),
                new Class<?>[] {DataSource.class},
                (proxy, method, arguments) -> method.getName().equals("getConnection")
                        ? server.connect()
                        : defaultOf(method.getReturnType()));
        DataSourceProxy seata = new DataSourceProxy(plain);
        RootContext.bind(xid);
        try (ConnectionProxy connection = seata.getConnection()) {
            connection.setAutoCommit(false);
            work.on(connection);
            connection.commit();
        } finally {
            RootContext.unbind();
        }
    }

    private static Object defaultOf(Class<?> type) {
        return type == int.class ? 0 : type == boolean.class ? false : null;
    }

    interface Work {
        void on(Connection connection) throws SQLException;
    }

    /** Gives the branch its id; nobody is asked for locks. */
    private static final class Registrations extends DataSourceManager {
        private final long branchId;

        Registrations(long branchId) {
            this.branchId = branchId;
        }

        @Override
        public void registerResource(Resource resource) {}

        @Override
        public Long branchRegister(
                BranchType type, String resource, String client, String xid, String data, String lockKeys) {
            return branchId;
        }

        @Override
        public void branchReport(BranchType type, String xid, long branch, BranchStatus status, String data) {}
    }

    // ---------------------------------------------------------------- by its parts

    TableMeta meta(Connection connection, String table) throws SQLException {
        return switch (kind) {
            case POSTGRESQL ->
                TableMetaCacheFactory.getTableMetaCache("postgresql").getTableMeta(connection, table, resource);
            case MARIADB ->
                TableMetaCacheFactory.getTableMetaCache("mariadb").getTableMeta(connection, table, resource);
            case H2 -> h2Meta(connection, table);
        };
    }

    /** Seata has no reader for H2; what it reads of others is the same. */
    private static TableMeta h2Meta(Connection connection, String table) throws SQLException {
        DatabaseMetaData about = connection.getMetaData();
        String name = table.toUpperCase(Locale.ROOT);
        TableMeta meta = new TableMeta();
        meta.setTableName(name);
        try (ResultSet row = about.getColumns(null, null, name, "%")) {
            while (row.next()) {
                ColumnMeta column = new ColumnMeta();
                column.setTableName(name);
                column.setColumnName(row.getString("COLUMN_NAME"));
                column.setDataType(row.getInt("DATA_TYPE"));
                meta.getAllColumns().put(column.getColumnName(), column);
            }
        }
        IndexMeta primary = new IndexMeta();
        primary.setIndexName("PRIMARY");
        primary.setIndextype(IndexType.PRIMARY);
        List<ColumnMeta> key = new ArrayList<>();
        try (ResultSet row = about.getPrimaryKeys(null, null, name)) {
            while (row.next()) {
                key.add(meta.getAllColumns().get(row.getString("COLUMN_NAME")));
            }
        }
        primary.setValues(key);
        meta.getAllIndexes().put("PRIMARY", primary);
        return meta;
    }

    /** As the executor of an INSERT does it. */
    void insert(Connection connection, String table, String sql, String where) throws SQLException {
        run(connection, SQLType.INSERT, table, sql, "*", where);
    }

    /** As the executor of an UPDATE does it, with the columns that an image of it has. */
    void update(Connection connection, String table, String sql, String columns, String where) throws SQLException {
        run(connection, SQLType.UPDATE, table, sql, columns, where);
    }

    /** As the executor of a DELETE does it. */
    void delete(Connection connection, String table, String sql, String where) throws SQLException {
        run(connection, SQLType.DELETE, table, sql, "*", where);
    }

    private void run(Connection connection, SQLType type, String table, String sql, String columns, String where)
            throws SQLException {
        TableMeta meta = meta(connection, table);
        String query = "SELECT " + columns + " FROM " + table + " WHERE " + where;
        TableRecords before =
                type == SQLType.INSERT ? TableRecords.empty(meta) : records(connection, meta, query + " FOR UPDATE");
        TestedDatabase.execute(connection, sql);
        TableRecords after = type == SQLType.DELETE ? TableRecords.empty(meta) : records(connection, meta, query);
        SQLUndoLog item = new SQLUndoLog();
        item.setSqlType(type);
        item.setTableName(table);
        item.setBeforeImage(before);
        item.setAfterImage(after);
        items.add(item);
    }

    private static TableRecords records(Connection connection, TableMeta meta, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            return TableRecords.buildRecords(meta, rows);
        }
    }

    /** The last statement's item, to be bent. */
    SQLUndoLog last() {
        return items.get(items.size() - 1);
    }

    String json(String xid, long branchId) {
        BranchUndoLog log = new BranchUndoLog();
        log.setXid(xid);
        log.setBranchId(branchId);
        log.setSqlUndoLogs(new ArrayList<>(items));
        return new String(parser.encode(log), StandardCharsets.UTF_8);
    }

    static byte[] compressed(CompressorType type, String json) {
        return CompressorFactory.getCompressor(type.getCode()).compress(json.getBytes(StandardCharsets.UTF_8));
    }

    /** Writes a row of the undo log, in a column order that all shapes of the table have. */
    static void write(Connection connection, String xid, long branchId, String context, byte[] content, int status)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO undo_log (branch_id, xid, context,"
                + " rollback_info, log_status, log_created, log_modified) VALUES (?, ?, ?, ?, ?,"
                + " CURRENT_TIMESTAMP, CURRENT_TIMESTAMP)")) {
            insert.setLong(1, branchId);
            insert.setString(2, xid);
            insert.setString(3, context);
            insert.setBytes(4, content);
            insert.setInt(5, status);
            insert.executeUpdate();
        }
    }

    /** As Seata's client writes a row that is too large for the server's packets. */
    static void writeInParts(Connection connection, String xid, long branchId, byte[] content, int packet)
            throws SQLException {
        new Parts().write(connection, xid, branchId, content, packet);
    }

    private static final class Parts extends MariadbUndoLogManager {
        void write(Connection connection, String xid, long branchId, byte[] content, int packet) throws SQLException {
            insertUndoLogWithNormal(
                    xid, branchId, "serializer=jackson&compressorType=NONE&map=" + packet, content, connection);
        }
    }
}
