package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.testkit.database.TestDatabase;
import io.entente.tm.TransactionContext;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a pool sees of the proxy: some look at each text and let only reads and changes of rows through. */
class OwnTextsTest {

    @ParameterizedTest
    @EnumSource(TestDatabase.Kind.class)
    void the_local_transaction_is_led_by_the_methods_of_the_connection_and_never_by_texts(TestDatabase.Kind kind)
            throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        List<List<String>> before = db.content();
        List<String> texts = new ArrayList<>();
        DataSource watched = new FaultyConnection.PlainDataSource() {
            @Override
            public Connection getConnection() throws SQLException {
                return watching(Connection.class, db.plain.getConnection(), texts);
            }
        };
        EntenteDataSource at =
                (EntenteDataSource) EntenteDataSource.wrap(watched, db.coordinator, AtSettings.defaults());
        at.start(false);
        texts.clear();
        try (TransactionContext.Scope scope = TransactionContext.bind(AtDatabase.XID);
                Connection connection = at.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(scope).isNotNull();
            connection.setAutoCommit(false);
            statement
                    .executeQuery("SELECT amount FROM stock WHERE id = 1 FOR UPDATE")
                    .close();
            statement.executeUpdate("DELETE FROM stock WHERE id = 2");
            Savepoint savepoint = connection.setSavepoint();
            assertThatThrownBy(() -> statement.executeUpdate(
                            "UPDATE stock SET amount = CASE WHEN id = 3 THEN NULL ELSE amount + 1 END"))
                    .isInstanceOf(SQLException.class);
            connection.rollback(savepoint);
            try (PreparedStatement insert =
                    connection.prepareStatement("INSERT INTO orders (item) VALUES (?)", new String[] {"id"})) {
                insert.setString(1, "cog");
                insert.executeUpdate();
            }
            connection.commit();
        }
        assertThat(texts)
                .isNotEmpty()
                .allMatch(text -> text.matches("(?is)\\s*(SELECT|WITH|INSERT|UPDATE|DELETE)\\b.*"));
        assertThat(db.query("SELECT id, amount FROM stock ORDER BY id")).containsExactly("1|100", "3|7");
        db.rollBack();
        assertThat(db.content()).isEqualTo(before);
    }

    /** As a firewall for statements does; without one, an undo row and its commit may go as one text. */
    private static void refuseSeveralStatements(String text) throws SQLException {
        if (text.contains(";")) {
            throw new SQLException("several statements are not allowed: " + text);
        }
    }

    private static <T> T watching(Class<T> type, T real, List<String> texts) {
        return type.cast(Proxy.newProxyInstance(
                OwnTextsTest.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    String name = method.getName();
                    if (arguments != null
                            && arguments[0] instanceof String text
                            && (name.startsWith("prepare") || name.startsWith("execute") || name.equals("addBatch"))) {
                        texts.add(text);
                        refuseSeveralStatements(text);
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return name.equals("createStatement")
                                ? watching(Statement.class, (Statement) result, texts)
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
