package io.entente.rm.undo;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static io.entente.rm.dialect.TestedDatabase.query;
import static io.entente.rm.undo.RecordedBranch.keys;
import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.call.KeptStatements;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.TestedDatabase;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.image.Row;
import io.entente.rm.matrix.ColumnCase;
import io.entente.rm.table.Table;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The branch that every test of the undo log runs, and the way of every column type through it and back. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ColumnTypeCompatibilityTest {

    static final String XID = "127.0.0.1:8091:4711";
    static final Instant NOW = Instant.parse("2026-03-29T00:30:00.123456Z");

    TestedDatabase server;
    Connection connection;
    Dialect dialect;
    UndoLog undoLog;

    ColumnTypeCompatibilityTest(TestedDatabase server) throws SQLException {
        this.server = server;
        this.connection = server.connect();
        this.dialect = Dialect.of(connection.getMetaData());
        this.undoLog = new UndoLog(dialect, UndoLogSettings.defaults(), InstantSource.fixed(NOW));
    }

    /** A fresh session that can store every value of {@link #columnCases}. */
    Connection lenient() throws SQLException {
        return server.connect();
    }

    abstract Stream<ColumnCase> columnCases();

    @BeforeEach
    void create_tables() throws SQLException {
        connection = lenient();
        execute(
                connection,
                "DROP TABLE IF EXISTS undo_log",
                "DROP TABLE IF EXISTS line",
                "DROP TABLE IF EXISTS stock",
                "CREATE TABLE stock (id INT NOT NULL PRIMARY KEY, n INT NOT NULL, label VARCHAR(40) UNIQUE)",
                "INSERT INTO stock VALUES (1, 10, 'one'), (2, 20, 'two'), (3, 30, NULL)");
        undoLog.createTable(connection);
    }

    @AfterEach
    void close() throws SQLException {
        connection.close();
    }

    /** Runs one branch and commits it locally. */
    void branch(long branchId, Work work) throws SQLException {
        try (Connection local = lenient()) {
            local.setAutoCommit(false);
            RecordedBranch branch = new RecordedBranch(local, dialect);
            work.run(branch);
            undoLog.insertAndCommit(local, new KeptStatements(), XID, branchId, branch.changes());
            local.commit();
        }
    }

    interface Work {
        void run(RecordedBranch branch) throws SQLException;
    }

    RollbackResult rollback(long branchId) throws SQLException {
        try (Connection own = server.connect()) {
            RollbackResult result = undoLog.rollback(own, XID, branchId);
            assertThat(own.getAutoCommit()).isTrue();
            return result;
        }
    }

    List<String> undoRows() throws SQLException {
        return query(connection, "SELECT branch_id, xid, log_status FROM undo_log ORDER BY branch_id");
    }

    @ParameterizedTest
    @MethodSource("columnCases")
    void every_type_comes_back_to_the_byte(ColumnCase type) throws SQLException {
        execute(
                connection,
                "DROP TABLE IF EXISTS typed",
                "CREATE TABLE typed (id INT NOT NULL PRIMARY KEY, c " + type.type() + " NULL, n INT)");
        int id = 0;
        for (String value : type.values()) {
            execute(connection, "INSERT INTO typed VALUES (" + id + ", " + value + ", 0)");
            id++;
        }
        execute(connection, "INSERT INTO typed VALUES (" + id + ", NULL, 0)");
        List<String> before = server.dump(connection, "typed");

        int last = id;
        branch(1, branch -> {
            for (int i = 0; i < type.values().size(); i++) {
                String value = type.values().get(i);
                int fresh = 100 + i;
                branch.insert("typed", "INSERT INTO typed VALUES (" + fresh + ", " + value + ", 0)", keys(fresh));
                branch.update("typed", "UPDATE typed SET c = NULL WHERE id = " + i, keys(i), "c", "C");
                branch.update("typed", "UPDATE typed SET c = " + value + " WHERE id = " + last, keys(last));
                branch.delete("typed", "DELETE FROM typed WHERE id = " + i, keys(i));
            }
            branch.delete("typed", "DELETE FROM typed WHERE id = " + last, keys(last));
        });
        assertThat(server.dump(connection, "typed")).isNotEqualTo(before);

        assertThat(rollback(1)).isInstanceOf(RollbackResult.Undone.class);
        assertThat(server.dump(connection, "typed")).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("columnCases")
    void every_type_that_can_be_a_key_finds_its_row_again(ColumnCase type) throws SQLException {
        if (!type.usableAsKey()) {
            return;
        }
        execute(
                connection,
                "DROP TABLE IF EXISTS keyed",
                "CREATE TABLE keyed (c " + type.type() + " NOT NULL, d INT NOT NULL, n INT, PRIMARY KEY (c, d))");
        for (String value : type.values()) {
            execute(connection, "INSERT INTO keyed VALUES (" + value + ", 1, 0)");
        }
        List<String> before = server.dump(connection, "keyed");

        branch(1, branch -> {
            Table table = branch.table("keyed");
            try (PreparedStatement query = connection.prepareStatement("SELECT "
                            + ImageColumns.of(table, table.columns(), dialect).select("") + " FROM keyed");
                    ResultSet result = query.executeQuery()) {
                List<Row> keys = ImageColumns.of(table, table.columns(), dialect)
                        .readAll(result)
                        .keys();
                assertThat(keys).hasSameSizeAs(type.values()).doesNotHaveDuplicates();
                branch.update("keyed", "UPDATE keyed SET n = 1", keys, "n", "N");
                branch.delete("keyed", "DELETE FROM keyed", keys);
            }
        });
        assertThat(server.dump(connection, "keyed")).isNotEqualTo(before);

        assertThat(rollback(1))
                .isEqualTo(new RollbackResult.Undone(2 * type.values().size()));
        assertThat(server.dump(connection, "keyed")).isEqualTo(before);
    }
}
