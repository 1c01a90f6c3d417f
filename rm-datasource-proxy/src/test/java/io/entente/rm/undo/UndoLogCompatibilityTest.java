package io.entente.rm.undo;

import static io.entente.rm.dialect.TestedDatabase.execute;
import static io.entente.rm.dialect.TestedDatabase.query;
import static io.entente.rm.undo.RecordedBranch.keys;
import static org.assertj.core.api.Assertions.as;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;

import io.entente.rm.call.KeptStatements;
import io.entente.rm.dialect.TestedDatabase;
import io.entente.rm.image.Change;
import io.entente.rm.image.RowImage;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What the undo log must do on every database. */
abstract class UndoLogCompatibilityTest extends ColumnTypeCompatibilityTest {

    UndoLogCompatibilityTest(TestedDatabase server) throws SQLException {
        super(server);
    }

    /** DDL of Seata's own table, with an id of its own and a unique (xid, branch_id). */
    abstract String seataShapedUndoLog();

    /** The DDL's text of an auto-increment key column that refuses explicit values where the database knows such. */
    abstract String identityKey();

    /** Makes the session give up soon when a row is locked. */
    abstract String shortLockTimeout();

    /** The DDL's text of a column that is always twice the column net. */
    abstract String generatedColumn();

    @Test
    void a_row_touched_many_times_in_one_branch_comes_back() throws SQLException {
        List<String> before = server.dump(connection, "stock");
        branch(1, branch -> {
            branch.insert("stock", "INSERT INTO stock VALUES (4, 1, 'four'), (5, 2, 'five')", keys(4, 5));
            branch.update("stock", "UPDATE stock SET n = n + 1 WHERE id >= 4", keys(4, 5), "n", "N");
            branch.delete("stock", "DELETE FROM stock WHERE id = 4", keys(4));
            branch.insert("stock", "INSERT INTO stock VALUES (4, 9, 'again')", keys(4));
            branch.update("stock", "UPDATE stock SET label = 'x' WHERE id = 1", keys(1));
            branch.update("stock", "UPDATE stock SET label = 'one' WHERE id = 1", keys(1));
            branch.delete("stock", "DELETE FROM stock WHERE id = 1", keys(1));
        });

        assertThat(rollback(1)).isEqualTo(new RollbackResult.Undone(9));
        assertThat(server.dump(connection, "stock")).isEqualTo(before);
        assertThat(undoRows()).isEmpty();
    }

    @Test
    void rows_are_undone_in_whatever_order_their_constraints_allow() throws SQLException {
        execute(
                connection,
                "CREATE TABLE line (id INT NOT NULL PRIMARY KEY, place INT NOT NULL UNIQUE, parent INT,"
                        + " FOREIGN KEY (parent) REFERENCES line (id))",
                "INSERT INTO line VALUES (1, 10, NULL), (2, 11, 1), (3, 12, 2), (4, 13, 3)");
        List<String> before = server.dump(connection, "line");
        branch(1, branch -> {
            for (int id : List.of(4, 3, 2, 1)) {
                branch.update("line", "UPDATE line SET place = place + 1 WHERE id = " + id, keys(id));
            }
            for (int id : List.of(4, 3, 2, 1)) {
                branch.delete("line", "DELETE FROM line WHERE id = " + id, keys(id));
            }
            // As if two statements had done it, with rows in an order that no single pass can undo, either way round.
            Change update = merged(branch.changes().subList(0, 4), 1, 3, 0, 2);
            Change delete = merged(branch.changes().subList(4, 8), 1, 3, 0, 2);
            branch.changes().clear();
            branch.changes().addAll(List.of(update, delete));
        });
        assertThat(query(connection, "SELECT * FROM line")).isEmpty();

        assertThat(rollback(1)).isEqualTo(new RollbackResult.Undone(8));
        assertThat(server.dump(connection, "line")).isEqualTo(before);
    }

    /** One change of several of the same kind and table. */
    private static Change merged(List<Change> changes, Integer... order) {
        Change first = changes.get(0);
        RowImage before = new RowImage(
                first.table(),
                first.before().columns(),
                Stream.of(order)
                        .flatMap(i -> changes.get(i).before().rows().stream())
                        .toList());
        RowImage after = new RowImage(
                first.table(),
                first.after().columns(),
                Stream.of(order)
                        .flatMap(i -> changes.get(i).after().rows().stream())
                        .toList());
        return new Change(
                first.kind(), first.table(), before, after, first.deltas(), first.sharing(), first.relative());
    }

    @Test
    void a_row_changed_by_an_outsider_is_never_overwritten() throws SQLException {
        branch(1, branch -> {
            branch.update("stock", "UPDATE stock SET n = 11 WHERE id = 1", keys(1), "n", "N");
            branch.update("stock", "UPDATE stock SET n = 21 WHERE id = 2", keys(2), "n", "N");
        });
        execute(connection, "UPDATE stock SET n = 99 WHERE id = 1");
        List<String> dirty = server.dump(connection, "stock");

        RollbackResult result = rollback(1);

        assertThat(result).isInstanceOf(RollbackResult.Dirty.class);
        assertThat(result.toString())
                .containsIgnoringCase("stock(id=1), undo of UPDATE")
                .contains("before=10, after=11, current=99");
        assertThat(server.dump(connection, "stock")).isEqualTo(dirty);
        assertThat(undoRows()).containsExactly("1|" + XID + "|0");

        execute(connection, "UPDATE stock SET n = 11 WHERE id = 1");
        assertThat(rollback(1)).isEqualTo(new RollbackResult.Undone(2));
    }

    @Test
    void an_outsiders_change_of_a_column_the_branch_did_not_write_survives() throws SQLException {
        branch(1, branch -> branch.update("stock", "UPDATE stock SET n = 11 WHERE id = 1", keys(1), "n", "N"));
        execute(connection, "UPDATE stock SET label = 'theirs' WHERE id = 1");

        assertThat(rollback(1)).isEqualTo(new RollbackResult.Undone(1));
        assertThat(query(connection, "SELECT n, label FROM stock WHERE id = 1")).containsExactly("10|theirs");
    }

    @Test
    void a_row_that_has_its_old_values_already_is_skipped() throws SQLException {
        branch(1, branch -> {
            branch.update("stock", "UPDATE stock SET n = n + 1 WHERE id < 3", keys(1, 2), "n", "N");
            branch.insert("stock", "INSERT INTO stock VALUES (4, 40, 'four')", keys(4));
            branch.delete("stock", "DELETE FROM stock WHERE id = 3", keys(3));
        });
        execute(
                connection,
                "UPDATE stock SET n = 10 WHERE id = 1",
                "DELETE FROM stock WHERE id = 4",
                "INSERT INTO stock VALUES (3, 30, NULL)");

        assertThat(rollback(1)).isEqualTo(new RollbackResult.Undone(1));
        assertThat(query(connection, "SELECT id, n FROM stock ORDER BY id")).containsExactly("1|10", "2|20", "3|30");
    }

    @Test
    void a_row_that_an_outsider_deleted_or_inserted_is_dirty() throws SQLException {
        branch(1, branch -> branch.update("stock", "UPDATE stock SET n = 11 WHERE id = 1", keys(1), "n", "N"));
        execute(connection, "DELETE FROM stock WHERE id = 1");
        assertThat(rollback(1).toString()).contains("the row was deleted");

        branch(2, branch -> branch.delete("stock", "DELETE FROM stock WHERE id = 2", keys(2)));
        execute(connection, "INSERT INTO stock VALUES (2, 77, 'theirs')");
        assertThat(rollback(2).toString()).contains("another row with this key was inserted", "current=77");

        branch(3, branch -> branch.insert("stock", "INSERT INTO stock VALUES (7, 70, 'seven')", keys(7)));
        execute(connection, "UPDATE stock SET n = 71 WHERE id = 7");
        assertThat(rollback(3).toString()).contains("before=null, after=70, current=71");

        assertThat(query(connection, "SELECT id, n FROM stock ORDER BY id")).containsExactly("2|77", "3|30", "7|71");
        assertThat(undoRows()).hasSize(3);
    }

    @Test
    void a_constraint_that_an_outsider_made_fail_is_dirty() throws SQLException {
        branch(1, branch -> branch.update("stock", "UPDATE stock SET label = NULL WHERE id = 1", keys(1)));
        execute(connection, "UPDATE stock SET label = 'one' WHERE id = 3");

        RollbackResult result = rollback(1);

        assertThat(result).isInstanceOf(RollbackResult.Dirty.class);
        assertThat(result.toString()).contains("the database refuses the old row");
        assertThat(query(connection, "SELECT label FROM stock WHERE id = 1")).containsExactly("null");
        assertThat(undoRows()).hasSize(1);
    }

    @Test
    void a_branch_rolled_back_before_its_phase_one_cannot_commit() throws SQLException {
        assertThat(rollback(1)).isEqualTo(new RollbackResult.NothingToUndo());
        assertThat(rollback(1)).isEqualTo(new RollbackResult.NothingToUndo());
        assertThat(undoRows()).containsExactly("1|" + XID + "|1");

        assertThatThrownBy(() -> branch(
                        1, branch -> branch.update("stock", "UPDATE stock SET n = 0 WHERE id = 1", keys(1), "n", "N")))
                .isInstanceOf(BranchAlreadyRolledBackException.class)
                .hasMessageContaining("Branch 1 of global transaction " + XID);
        assertThat(query(connection, "SELECT n FROM stock WHERE id = 1")).containsExactly("10");
    }

    @Test
    void a_phase_one_that_commits_while_its_rollback_looks_is_undone() throws SQLException {
        List<String> before = server.dump(connection, "stock");
        try (Connection own = server.connect()) {
            Connection interrupted = beforeDefence(
                    own, () -> branch(1, branch -> branch.update("stock", "UPDATE stock SET n = 0", keys(1, 2, 3))));
            assertThat(undoLog.rollback(interrupted, XID, 1)).isEqualTo(new RollbackResult.Undone(3));
        }
        assertThat(server.dump(connection, "stock")).isEqualTo(before);
        assertThat(undoRows()).isEmpty();
    }

    @Test
    void a_rollback_that_another_one_overtakes_finds_nothing_left() throws SQLException {
        try (Connection own = server.connect()) {
            Connection interrupted = beforeDefence(own, () -> rollback(1));
            assertThat(undoLog.rollback(interrupted, XID, 1)).isEqualTo(new RollbackResult.NothingToUndo());
        }
        assertThat(undoRows()).containsExactly("1|" + XID + "|1");
    }

    /** The connection, with something happening elsewhere just before it first inserts into undo_log. */
    private static Connection beforeDefence(Connection own, Interruption interruption) {
        AtomicBoolean happened = new AtomicBoolean();
        return (Connection) Proxy.newProxyInstance(
                UndoLogCompatibilityTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, args) -> {
                    if (method.getName().equals("prepareStatement")
                            && args[0].toString().matches("(?i)INSERT INTO \\S+undo_log\\W.*")
                            && happened.compareAndSet(false, true)) {
                        interruption.run();
                    }
                    try {
                        return method.invoke(own, args);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    interface Interruption {
        void run() throws SQLException;
    }

    @Test
    void two_rollbacks_of_one_branch_at_once_undo_it_once() throws Exception {
        List<String> before = server.dump(connection, "stock");
        for (int branchId = 1; branchId <= 20; branchId++) {
            boolean present = branchId % 2 == 0;
            if (present) {
                branch(branchId, branch -> branch.update("stock", "UPDATE stock SET n = n - 1", keys(1, 2, 3)));
            }
            List<RollbackResult> results = atOnce(branchId, branchId);

            RollbackResult nothing = new RollbackResult.NothingToUndo();
            assertThat(results).contains(nothing).contains(present ? new RollbackResult.Undone(3) : nothing);
            assertThat(server.dump(connection, "stock")).isEqualTo(before);
        }
    }

    private List<RollbackResult> atOnce(long one, long other) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        ExecutorService threads = Executors.newFixedThreadPool(2);
        try {
            List<Callable<RollbackResult>> calls = Stream.of(one, other)
                    .map(branchId -> (Callable<RollbackResult>) () -> {
                        start.await();
                        return rollback(branchId);
                    })
                    .toList();
            List<Future<RollbackResult>> futures = threads.invokeAll(calls);
            return List.of(futures.get(0).get(), futures.get(1).get());
        } finally {
            threads.shutdown();
        }
    }

    @Test
    void a_lock_timeout_writes_nothing_and_can_be_tried_again() throws SQLException {
        List<String> before = server.dump(connection, "stock");
        branch(1, branch -> {
            branch.update("stock", "UPDATE stock SET n = 0 WHERE id = 1", keys(1), "n", "N");
            branch.update("stock", "UPDATE stock SET n = 0 WHERE id = 2", keys(2), "n", "N");
        });
        List<String> after = server.dump(connection, "stock");
        try (Connection reader = server.connect();
                Connection own = server.connect()) {
            reader.setAutoCommit(false);
            query(reader, "SELECT * FROM stock WHERE id = 1 FOR UPDATE");
            execute(own, shortLockTimeout());
            assertThatThrownBy(() -> undoLog.rollback(own, XID, 1)).isInstanceOf(SQLException.class);
            assertThat(own.getAutoCommit()).isTrue();
            reader.rollback();

            assertThat(server.dump(connection, "stock")).isEqualTo(after);
            assertThat(undoLog.rollback(own, XID, 1)).isEqualTo(new RollbackResult.Undone(2));
        }
        assertThat(server.dump(connection, "stock")).isEqualTo(before);
    }

    @Test
    void seatas_own_table_shape_is_accepted() throws SQLException {
        execute(connection, "DROP TABLE undo_log", seataShapedUndoLog());
        undoLog.verifyTable(connection);
        List<String> before = server.dump(connection, "stock");

        branch(1, branch -> branch.update("stock", "UPDATE stock SET n = 0", keys(1, 2, 3)));
        branch(2, branch -> branch.delete("stock", "DELETE FROM stock", keys(1, 2, 3)));
        assertThat(rollback(2)).isEqualTo(new RollbackResult.Undone(3));
        assertThat(rollback(1)).isEqualTo(new RollbackResult.Undone(3));
        assertThat(server.dump(connection, "stock")).isEqualTo(before);

        assertThat(rollback(3)).isEqualTo(new RollbackResult.NothingToUndo());
        assertThatThrownBy(() ->
                        branch(3, branch -> branch.update("stock", "UPDATE stock SET n = 0", keys(1, 2, 3), "n", "N")))
                .isInstanceOf(BranchAlreadyRolledBackException.class);
    }

    @Test
    void a_missing_table_is_reported_with_its_ddl() throws SQLException {
        undoLog.verifyTable(connection);
        execute(connection, "DROP TABLE undo_log");
        assertThatThrownBy(() -> undoLog.verifyTable(connection))
                .isInstanceOf(UndoTableMissingException.class)
                .hasMessageContaining("sql/" + dialect.sqlFolder() + "/undo_log.sql");

        // A new log, as a service has it that starts on a database without the table.
        for (UndoLog each :
                List.of(undoLog, new UndoLog(dialect, UndoLogSettings.defaults(), InstantSource.fixed(NOW)))) {
            assertThatThrownBy(() -> each.rollback(connection, XID, 9))
                    .isInstanceOf(UndoTableMissingException.class)
                    .hasMessageContaining("sql/" + dialect.sqlFolder() + "/undo_log.sql");
        }

        execute(connection, "CREATE TABLE undo_log (branch_id BIGINT)");
        assertThatThrownBy(() -> undoLog.verifyTable(connection)).isInstanceOf(UndoTableMissingException.class);
    }

    @Test
    void committed_branches_are_deleted_together() throws SQLException {
        for (int i = 1; i <= 4; i++) {
            branch(i, branch -> branch.update("stock", "UPDATE stock SET n = n + 1 WHERE id = 1", keys(1), "n", "N"));
        }
        undoLog.deleteAll(connection, List.of());
        undoLog.deleteAll(connection, List.of(new BranchKey(XID, 1), new BranchKey(XID, 3), new BranchKey(XID, 77)));
        assertThat(undoRows()).containsExactly("2|" + XID + "|0", "4|" + XID + "|0");
    }

    @Test
    void only_old_defence_rows_are_swept() throws SQLException {
        rollback(1);
        branch(2, branch -> branch.update("stock", "UPDATE stock SET n = 0 WHERE id = 1", keys(1), "n", "N"));

        assertThat(undoLog.sweep(connection, NOW)).isZero();
        assertThat(undoLog.sweep(connection, NOW.plusMillis(1))).isOne();
        assertThat(undoRows()).containsExactly("2|" + XID + "|0");
    }

    @Test
    void large_images_are_compressed_and_too_large_ones_refused() throws SQLException {
        execute(
                connection,
                "DROP TABLE IF EXISTS doc",
                "CREATE TABLE doc (id INT NOT NULL PRIMARY KEY, body VARCHAR(16000))");
        byte[] noise = new byte[12000];
        new Random(1).nextBytes(noise);
        String body = Base64.getEncoder().encodeToString(noise).substring(0, 16000);
        execute(connection, "INSERT INTO doc VALUES (1, '" + body + "')");
        branch(1, branch -> branch.delete("doc", "DELETE FROM doc", keys(1)));
        assertThat(query(connection, "SELECT context FROM undo_log"))
                .singleElement(as(STRING))
                .startsWith("format=entente-1&compression=deflate");
        assertThat(rollback(1)).isEqualTo(new RollbackResult.Undone(1));
        assertThat(query(connection, "SELECT body FROM doc")).containsExactly(body);

        UndoLog small = new UndoLog(dialect, new UndoLogSettings(0, 4096), InstantSource.fixed(NOW));
        try (Connection local = server.connect()) {
            local.setAutoCommit(false);
            RecordedBranch branch = new RecordedBranch(local, dialect);
            branch.delete("doc", "DELETE FROM doc", keys(1));
            assertThatThrownBy(() -> small.insertAndCommit(local, new KeptStatements(), XID, 2, branch.changes()))
                    .isInstanceOf(UndoNotEncodableException.class)
                    .hasMessageContaining("the limit is 4096")
                    .hasMessageContaining("Remedy");
            local.rollback();
        }
    }

    @Test
    void another_clients_undo_row_is_not_misread() throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(
                "INSERT INTO undo_log (branch_id, xid, context, rollback_info, log_status, log_created, log_modified)"
                        + " VALUES (1, ?, 'format=other-7&compression=none', ?, 0, CURRENT_TIMESTAMP,"
                        + " CURRENT_TIMESTAMP)")) {
            insert.setString(1, XID);
            insert.setBytes(2, "{}".getBytes(StandardCharsets.UTF_8));
            insert.executeUpdate();
        }
        assertThatThrownBy(() -> rollback(1))
                .isInstanceOf(UndoNotReadableException.class)
                .hasMessageContaining("format=other-7");
        assertThat(undoRows()).hasSize(1);
    }

    @Test
    void an_altered_table_is_undone_where_nothing_is_lost() throws SQLException {
        branch(1, branch -> branch.delete("stock", "DELETE FROM stock WHERE id = 1", keys(1)));
        branch(2, branch -> branch.update("stock", "UPDATE stock SET label = 'x' WHERE id = 2", keys(2)));
        execute(connection, "ALTER TABLE stock ADD COLUMN remark VARCHAR(10)");
        assertThat(rollback(1)).isEqualTo(new RollbackResult.Undone(1));
        assertThat(query(connection, "SELECT * FROM stock WHERE id = 1")).containsExactly("1|10|one|null");

        execute(connection, "ALTER TABLE stock DROP COLUMN label");
        assertThat(rollback(2).toString())
                .containsIgnoringCase("its column label")
                .contains("was dropped");

        execute(connection, "DROP TABLE stock");
        assertThat(rollback(2).toString()).contains("does not exist");
    }

    @Test
    void generated_identities_get_their_old_values_back() throws SQLException {
        execute(
                connection,
                "DROP TABLE IF EXISTS receipt",
                "CREATE TABLE receipt (id " + identityKey() + ", net INT NOT NULL, gross INT " + generatedColumn()
                        + ")",
                "INSERT INTO receipt (net) VALUES (5), (6)");
        List<String> before = server.dump(connection, "receipt");
        branch(1, branch -> {
            branch.update("receipt", "UPDATE receipt SET net = 8 WHERE id = 1", keys(1));
            branch.delete("receipt", "DELETE FROM receipt", keys(1, 2));
        });
        assertThat(rollback(1)).isEqualTo(new RollbackResult.Undone(3));
        assertThat(server.dump(connection, "receipt")).isEqualTo(before);
    }
}
