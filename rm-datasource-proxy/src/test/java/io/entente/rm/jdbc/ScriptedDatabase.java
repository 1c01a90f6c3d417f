package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.jdbc.InMemoryCoordinator.Branch;
import io.entente.rm.undo.RollbackResult;
import io.entente.tm.TransactionContext;
import java.io.PrintWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.h2.tools.SimpleResultSet;

/**
 * A database of which no server can be run here: H2 in its compatibility mode behind a driver that gives itself out for
 * that of the other, tells all that is sent through it, and answers by itself what H2 does not understand.
 */
final class ScriptedDatabase implements DataSource {

    static final String XID = "127.0.0.1:8091:1";

    private final String product;
    private final String url;
    private final String reportedUrl;
    private final Connection keptOpen;
    private final Map<String, Supplier<Answer>> script = new LinkedHashMap<>();

    /** Each executed statement with its parameters, but for those that read the catalog. */
    final List<String> sent = new ArrayList<>();

    final InMemoryCoordinator coordinator = new InMemoryCoordinator();
    final EntenteDataSource at;

    /**
     * What the driver says instead of H2.
     *
     * @param rows null for an update count
     * @param failure comes behind the rows; null for none
     */
    record Answer(SimpleResultSet rows, int count, SQLException failure) {

        static Answer count(int count) {
            return new Answer(null, count, null);
        }

        static Answer rows(int count, SimpleResultSet rows) {
            return new Answer(rows, count, null);
        }
    }

    ScriptedDatabase(String product, String h2Url, String reportedUrl, String... ddl) throws SQLException {
        this.product = product;
        this.url = h2Url;
        this.reportedUrl = reportedUrl;
        this.keptOpen = DriverManager.getConnection(h2Url, "sa", "");
        run(ddl);
        this.at = new EntenteDataSource(
                this, coordinator, AtSettings.defaults().withLockWait(Duration.ZERO), WaitingTime.REAL);
    }

    /** Answers a statement that contains these words. */
    void answer(String words, Supplier<Answer> answer) {
        script.put(words, answer);
    }

    /** Past the driver. */
    void run(String... texts) throws SQLException {
        try (Statement statement = keptOpen.createStatement()) {
            for (String sql : texts) {
                statement.execute(sql);
            }
        }
    }

    List<String> query(String sql) throws SQLException {
        List<String> all = new ArrayList<>();
        try (Statement statement = keptOpen.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                List<String> values = new ArrayList<>();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    values.add(rows.getString(i));
                }
                all.add(String.join("|", values));
            }
        }
        return all;
    }

    void inLocalTransaction(AtDatabase.Work work) throws SQLException {
        try (TransactionContext.Scope scope = TransactionContext.bind(XID);
                Connection connection = at.getConnection()) {
            assertThat(scope).isNotNull();
            connection.setAutoCommit(false);
            sent.clear();
            work.on(connection);
            connection.commit();
        }
    }

    /** What phase two does. */
    RollbackResult rollBack() throws SQLException {
        sent.clear();
        Branch branch = coordinator.branches.get(coordinator.branches.size() - 1);
        try (Connection own = getConnection()) {
            return coordinator.resource().undoLog().rollback(own, branch.xid(), branch.id());
        }
    }

    List<String> lockKeys() {
        return coordinator.branches.stream().map(Branch::lockKey).toList();
    }

    /** What was sent for the application's tables. */
    List<String> sentForRows() {
        return sent.stream()
                .filter(sql -> !sql.contains("undo_log") && !sql.contains("UNDO_LOG"))
                .toList();
    }

    // ---------------------------------------------------------------- the driver

    @Override
    public Connection getConnection() throws SQLException {
        Connection real = DriverManager.getConnection(url, "sa", "");
        return proxy(Connection.class, new ConnectionHandler(real));
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static Object forward(Object real, Method method, Object[] args) throws Throwable {
        try {
            return method.invoke(real, args);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private Answer scripted(String sql) {
        for (Map.Entry<String, Supplier<Answer>> entry : script.entrySet()) {
            if (sql.contains(entry.getKey())) {
                return entry.getValue().get();
            }
        }
        return null;
    }

    private void record(String sql, Map<Integer, Object> parameters) {
        if (!sql.contains("ALL_") && !sql.contains("sys.")) {
            sent.add(parameters.isEmpty() ? sql : sql + " " + parameters.values());
        }
    }

    private final class ConnectionHandler implements InvocationHandler {
        private final Connection real;

        ConnectionHandler(Connection real) {
            this.real = real;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
            switch (method.getName()) {
                case "prepareStatement" -> {
                    String sql = (String) args[0];
                    boolean played = script.keySet().stream().anyMatch(sql::contains);
                    Object statement = played ? real.prepareStatement("SELECT 1") : forward(real, method, args);
                    return proxy(
                            PreparedStatement.class,
                            new StatementHandler((Statement) statement, (Connection) proxy, sql));
                }
                case "createStatement" -> {
                    return proxy(
                            Statement.class,
                            new StatementHandler((Statement) forward(real, method, args), (Connection) proxy, null));
                }
                case "releaseSavepoint" -> throw new SQLException("unsupported feature");
                case "getMetaData" -> {
                    DatabaseMetaData metaData = real.getMetaData();
                    return proxy(DatabaseMetaData.class, (any, asked, values) -> switch (asked.getName()) {
                        case "getDatabaseProductName" -> product;
                        case "getURL" -> reportedUrl;
                        case "getUserName" -> "APP";
                        default -> forward(metaData, asked, values);
                    });
                }
                default -> {
                    return forward(real, method, args);
                }
            }
        }
    }

    private final class StatementHandler implements InvocationHandler {
        private final Statement real;
        private final Connection connection;
        private final String prepared;
        private final Map<Integer, Object> parameters = new TreeMap<>();
        private Answer answer;
        private int results;

        StatementHandler(Statement real, Connection connection, String prepared) {
            this.real = real;
            this.connection = connection;
            this.prepared = prepared;
        }

        @Override
        public Object invoke(Object proxy, Method method, Object[] args) throws Throwable {
            String name = method.getName();
            boolean played = prepared != null && script.keySet().stream().anyMatch(prepared::contains);
            if (name.startsWith("set") && args != null && args.length > 1 && args[0] instanceof Integer position) {
                boolean isNull = name.equals("setNull");
                parameters.put(position, isNull ? "NULL" : args[1] instanceof byte[] ? "bytes" : args[1]);
                return played ? null : forward(real, method, args);
            }
            if (name.equals("addBatch")) {
                record(prepared, parameters);
            } else if (name.startsWith("execute") && !name.equals("executeBatch")) {
                String sql = prepared == null ? (String) args[0] : prepared;
                record(sql, parameters);
                answer = scripted(sql);
                results = 0;
                if (answer != null) {
                    return played(name);
                }
            }
            if (name.equals("getConnection")) {
                return connection;
            }
            return answer == null ? forward(real, method, args) : after(name, method, args);
        }

        private Object played(String name) {
            return switch (name) {
                case "executeQuery" -> answer.rows();
                case "executeUpdate" -> answer.count();
                default -> answer.rows() != null;
            };
        }

        /** Rows first, then the failure or the count. */
        private Object after(String name, Method method, Object[] args) throws Throwable {
            switch (name) {
                case "getResultSet" -> {
                    return results == 0 ? answer.rows() : null;
                }
                case "getMoreResults" -> {
                    results++;
                    if (answer.failure() != null) {
                        throw answer.failure();
                    }
                    return false;
                }
                case "getUpdateCount" -> {
                    boolean counted = results == (answer.rows() == null ? 0 : 1);
                    return counted ? answer.count() : -1;
                }
                default -> {
                    return forward(real, method, args);
                }
            }
        }
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() {
        return null;
    }

    @Override
    public void setLogWriter(PrintWriter out) {}

    @Override
    public void setLoginTimeout(int seconds) {}

    @Override
    public int getLoginTimeout() {
        return 0;
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        throw new SQLException("wraps nothing");
    }

    @Override
    public boolean isWrapperFor(Class<?> type) {
        return false;
    }
}
