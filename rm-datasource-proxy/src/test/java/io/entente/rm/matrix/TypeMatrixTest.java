package io.entente.rm.matrix;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.TestedDatabase;
import io.entente.rm.jdbc.AtDatabase;
import io.entente.testkit.database.TestDatabase.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Every native type of one database through INSERT, UPDATE and DELETE and back, to the byte; or refused. */
abstract class TypeMatrixTest {

    private final Kind kind;

    TypeMatrixTest(Kind kind) {
        this.kind = kind;
    }

    @TestFactory
    Stream<DynamicTest> types() {
        return Stream.of(
                        ColumnTypes.all(kind).stream()
                                .map(each -> DynamicTest.dynamicTest(
                                        each.type() + " on " + kind + " comes back to the byte",
                                        () -> comesBack(each))),
                        ColumnTypes.all(kind).stream()
                                .filter(ColumnCase::usableAsKey)
                                .map(each -> DynamicTest.dynamicTest(
                                        each.type() + " as a key on " + kind + " finds its rows again",
                                        () -> findsRowsAgain(each))),
                        ColumnTypes.refused(kind).stream()
                                .map(each -> DynamicTest.dynamicTest(
                                        each.type() + " on " + kind + " is refused before anything runs",
                                        () -> isRefused(each))))
                .flatMap(each -> each);
    }

    private void comesBack(ColumnCase type) throws SQLException {
        AtDatabase db = open("CREATE TABLE typed (id INT NOT NULL PRIMARY KEY, c " + type.type() + " NULL, n INT)");
        List<String> values = type.values();
        int last = values.size();
        try (Connection plain = session(db.plain.getConnection())) {
            for (int id = 0; id < last; id++) {
                execute(plain, "INSERT INTO typed VALUES (" + id + ", " + values.get(id) + ", 0)");
            }
            execute(plain, "INSERT INTO typed VALUES (" + last + ", NULL, 0)");
            List<String> before = TestedDatabase.dump(kind, plain, "typed");

            db.inLocalTransaction(connection -> {
                session(connection);
                for (int id = 0; id < last; id++) {
                    String value = values.get(id);
                    execute(
                            connection,
                            "INSERT INTO typed VALUES (" + (100 + id) + ", " + value + ", 0)",
                            "UPDATE typed SET c = NULL WHERE id = " + id,
                            "UPDATE typed SET c = " + value + ", n = n + 1 WHERE id = " + last,
                            "DELETE FROM typed WHERE id = " + id);
                }
                execute(connection, "DELETE FROM typed WHERE id = " + last);
            });
            assertThat(TestedDatabase.dump(kind, plain, "typed")).isNotEqualTo(before);

            db.rollBack();
            assertThat(TestedDatabase.dump(kind, plain, "typed")).isEqualTo(before);
        }
    }

    private void findsRowsAgain(ColumnCase type) throws SQLException {
        AtDatabase db =
                open("CREATE TABLE keyed (c " + type.type() + " NOT NULL, d INT NOT NULL, n INT, PRIMARY KEY (c, d))");
        try (Connection plain = session(db.plain.getConnection())) {
            for (String value : type.values()) {
                execute(plain, "INSERT INTO keyed VALUES (" + value + ", 1, 0)");
            }
            List<String> before = TestedDatabase.dump(kind, plain, "keyed");

            db.inLocalTransaction(connection -> {
                session(connection);
                execute(connection, "UPDATE keyed SET n = n + 1", "DELETE FROM keyed WHERE d = 1");
            });
            assertThat(TestedDatabase.dump(kind, plain, "keyed")).isNotEqualTo(before);

            db.rollBack();
            assertThat(TestedDatabase.dump(kind, plain, "keyed")).isEqualTo(before);
        }
    }

    private void isRefused(ColumnCase type) throws SQLException {
        AtDatabase db = open("CREATE TABLE typed (id INT NOT NULL PRIMARY KEY, c " + type.type() + ", n INT)");
        String value = type.values().get(0);
        db.run("INSERT INTO typed VALUES (1, " + value + ", 0)");
        db.inLocalTransaction(connection -> {
            for (String sql : List.of(
                    "INSERT INTO typed VALUES (2, " + value + ", 0)",
                    "UPDATE typed SET c = NULL WHERE id = 1",
                    "DELETE FROM typed WHERE id = 1")) {
                assertThatThrownBy(() -> execute(connection, sql))
                        .isInstanceOf(StatementRefusedException.class)
                        .hasMessageContaining("cannot be captured")
                        .hasMessageContaining("Remedy: ");
            }
            // A statement that leaves the column alone is not concerned.
            execute(connection, "UPDATE typed SET n = 1 WHERE id = 1");
        });
        db.rollBack();
        assertThat(db.query("SELECT id, n FROM typed")).containsExactly("1|0");
    }

    private AtDatabase open(String table) throws SQLException {
        AtDatabase db = new AtDatabase(kind, "types");
        if (kind == Kind.POSTGRESQL) {
            db.run("DROP SCHEMA IF EXISTS other CASCADE", "CREATE EXTENSION hstore", "CREATE EXTENSION citext");
            db.run(ColumnTypes.DEFINITIONS.toArray(String[]::new));
        }
        try (Connection plain = session(db.plain.getConnection())) {
            execute(plain, table);
        }
        return db;
    }

    /** One that can store every value. */
    private Connection session(Connection connection) throws SQLException {
        if (kind == Kind.MARIADB) {
            execute(connection, "SET SESSION sql_mode = 'NO_AUTO_VALUE_ON_ZERO'");
        }
        return connection;
    }
}
