package io.entente.rm.jdbc;

import static io.entente.rm.jdbc.SilentlyWrongTest.execute;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.rm.call.StatementRefusedException;
import io.entente.testkit.database.TestDatabase.Kind;
import io.entente.tm.TransactionContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What runs under {@code @GlobalLock}: outside of global transactions, but not beside them. */
class GlobalLockTest {

    private static final String OTHER = "127.0.0.1:8091:77";

    private static void underGlobalLock(AtDatabase db, AtDatabase.Work work) throws SQLException {
        try (TransactionContext.Scope scope = TransactionContext.underGlobalLock(null);
                Connection connection = db.at.getConnection()) {
            assertThat(scope).isNotNull();
            work.on(connection);
        }
    }

    private static void inLocalTransaction(AtDatabase db, AtDatabase.Work work) throws SQLException {
        underGlobalLock(db, connection -> {
            connection.setAutoCommit(false);
            work.on(connection);
            connection.commit();
        });
    }

    private static void isNoBranch(AtDatabase db) throws SQLException {
        assertThat(db.coordinator.branches).isEmpty();
        assertThat(db.query("SELECT * FROM undo_log")).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void changes_are_asked_for_and_committed_without_a_branch(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        underGlobalLock(db, connection -> execute(connection, "UPDATE stock SET amount = amount - 1 WHERE id = 1"));
        inLocalTransaction(db, connection -> {
            execute(connection, "DELETE FROM stock WHERE id = 2");
            execute(connection, "INSERT INTO stock VALUES (4, 'cog', 1)");
        });
        assertThat(db.query("SELECT id, amount FROM stock ORDER BY id")).containsExactly("1|99", "3|7", "4|1");
        String stock = db.spelled("stock");
        assertThat(db.coordinator.lockQueries)
                .containsExactly("%(" + db.spelled("amount") + "-)" + stock + ":1", stock + ":2,4");
        isNoBranch(db);
    }

    @ParameterizedTest
    @EnumSource
    void a_held_row_is_waited_for(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        db.coordinator.hold(OTHER, db.spelled("stock") + ":1");
        db.duringPause = () -> db.coordinator.release(OTHER);
        inLocalTransaction(db, connection -> execute(connection, "UPDATE stock SET amount = 0 WHERE id = 1"));
        db.coordinator.hold(OTHER, db.spelled("stock") + ":1");
        underGlobalLock(db, connection -> execute(connection, "UPDATE stock SET amount = amount + 5 WHERE id = 1"));
        db.coordinator.hold(OTHER, db.spelled("stock") + ":1");
        underGlobalLock(db, connection -> execute(connection, "SELECT name FROM stock WHERE id = 1 FOR UPDATE"));
        assertThat(db.pauses).hasSize(3);
        assertThat(db.query("SELECT amount FROM stock WHERE id = 1")).containsExactly("5");
        isNoBranch(db);
    }

    @ParameterizedTest
    @EnumSource
    void a_row_that_stays_held_rolls_the_local_transaction_back(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        db.coordinator.hold(OTHER, db.spelled("stock") + ":1");
        assertThatThrownBy(() -> inLocalTransaction(db, connection -> {
                    execute(connection, "UPDATE stock SET amount = 0 WHERE id = 2");
                    execute(connection, "UPDATE stock SET amount = 0 WHERE id = 1");
                }))
                .isInstanceOf(RowLockWaitTimeoutException.class)
                .hasMessageContainingAll("under @GlobalLock", OTHER);
        assertThatThrownBy(() -> underGlobalLock(
                        db, connection -> execute(connection, "UPDATE stock SET amount = 0 WHERE id = 1")))
                .isInstanceOf(RowLockWaitTimeoutException.class);
        assertThatThrownBy(() -> underGlobalLock(
                        db, connection -> execute(connection, "SELECT name FROM stock WHERE id = 1 FOR UPDATE")))
                .isInstanceOf(RowLockWaitTimeoutException.class);
        assertThat(db.query("SELECT amount FROM stock ORDER BY id")).containsExactly("100", "50", "7");
        isNoBranch(db);
    }

    @ParameterizedTest
    @EnumSource
    void a_batch_is_asked_for_as_a_whole(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        underGlobalLock(db, connection -> {
            try (PreparedStatement update = connection.prepareStatement("UPDATE stock SET amount = ? WHERE id = ?")) {
                for (int id = 1; id <= 2; id++) {
                    update.setInt(1, id * 10);
                    update.setLong(2, id);
                    update.addBatch();
                }
                assertThat(update.executeBatch()).containsExactly(1, 1);
            }
        });
        assertThat(db.query("SELECT amount FROM stock ORDER BY id")).containsExactly("10", "20", "7");
        assertThat(db.coordinator.lockQueries).containsExactly(db.spelled("stock") + ":1,2");
        isNoBranch(db);
    }

    @ParameterizedTest
    @EnumSource
    void what_has_unknown_rows_is_refused_and_says_where(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        assertThatThrownBy(() -> underGlobalLock(db, connection -> execute(connection, "TRUNCATE TABLE stock")))
                .isInstanceOf(StatementRefusedException.class)
                .hasMessageStartingWith("Refused under @GlobalLock");
        assertThat(db.query("SELECT COUNT(*) FROM stock")).containsExactly("3");
    }

    @ParameterizedTest
    @EnumSource
    void a_local_transaction_is_either_under_a_lock_or_in_a_global_transaction(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        inLocalTransaction(db, connection -> {
            execute(connection, "UPDATE stock SET amount = 1 WHERE id = 1");
            try (TransactionContext.Scope global = TransactionContext.bind(AtDatabase.XID)) {
                assertThat(global).isNotNull();
                assertThatThrownBy(() -> execute(connection, "UPDATE stock SET amount = 2 WHERE id = 2"))
                        .hasMessageContainingAll("holds changes of a @GlobalLock", AtDatabase.XID);
            }
        });
        db.inLocalTransaction(connection -> {
            execute(connection, "UPDATE stock SET amount = 3 WHERE id = 3");
            try (TransactionContext.Scope none = TransactionContext.suspend();
                    TransactionContext.Scope lock = TransactionContext.underGlobalLock(null)) {
                assertThat(none).isNotNull();
                assertThat(lock).isNotNull();
                assertThatThrownBy(() -> execute(connection, "UPDATE stock SET amount = 2 WHERE id = 2"))
                        .hasMessageContainingAll(AtDatabase.XID, "by a @GlobalLock");
            }
        });
        assertThat(db.query("SELECT amount FROM stock ORDER BY id")).containsExactly("1", "50", "3");
    }

    @ParameterizedTest
    @EnumSource
    void behind_it_the_local_transaction_goes_on_as_it_likes_and_its_commit_asks(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        db.coordinator.hold(OTHER, db.spelled("stock") + ":2");
        try (Connection connection = db.at.getConnection()) {
            connection.setAutoCommit(false);
            try (TransactionContext.Scope lock = TransactionContext.underGlobalLock(Duration.ZERO)) {
                assertThat(lock).isNotNull();
                execute(connection, "UPDATE stock SET amount = 1 WHERE id = 1");
            }
            execute(connection, "UPDATE stock SET amount = 2 WHERE id = 2");
            connection.commit();
        }
        assertThat(db.query("SELECT amount FROM stock ORDER BY id")).containsExactly("1", "2", "7");
        assertThat(db.coordinator.lockQueries).containsExactly(db.spelled("stock") + ":1");
        isNoBranch(db);
    }

    @ParameterizedTest
    @EnumSource
    void inside_a_global_transaction_it_changes_nothing(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        db.inGlobal(connection -> {
            try (TransactionContext.Scope lock = TransactionContext.underGlobalLock(null)) {
                assertThat(lock).isNotNull();
                execute(connection, "UPDATE stock SET amount = 1 WHERE id = 1");
            }
        });
        assertThat(db.coordinator.branches).hasSize(1);
        db.rollBack();
        assertThat(db.query("SELECT amount FROM stock WHERE id = 1")).containsExactly("100");
    }
}
