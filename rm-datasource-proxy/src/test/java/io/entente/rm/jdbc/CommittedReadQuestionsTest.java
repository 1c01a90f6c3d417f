package io.entente.rm.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.protocol.Message.ReadCheck;
import io.entente.testkit.database.TestDatabase.Kind;
import io.entente.tm.GlobalIsolation;
import io.entente.tm.TransactionContext;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is asked, and when, by queries that may only see what is committed. */
class CommittedReadQuestionsTest {

    private static void readingCommitted(AtDatabase db, AtDatabase.Work work) throws SQLException {
        db.inGlobal(connection -> {
            try (TransactionContext.Scope scope =
                    TransactionContext.underGlobalLock(null, GlobalIsolation.READ_COMMITTED)) {
                assertThat(scope).isNotNull();
                work.on(connection);
            }
        });
    }

    private static String first(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return rows.next() ? rows.getString(1) : "none";
        }
    }

    private static ReadCheck last(AtDatabase db) {
        return db.coordinator.reads.get(db.coordinator.reads.size() - 1);
    }

    @ParameterizedTest
    @EnumSource
    void a_row_is_asked_for_by_its_key_and_anything_else_by_its_tables(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        String stock = db.spelled("stock");
        readingCommitted(db, connection -> {
            assertThat(first(connection, "SELECT amount FROM stock WHERE id = 1"))
                    .isEqualTo("100");
            assertThat(last(db).lockKey()).isEqualTo(stock + ":1");
            assertThat(last(db).tables()).isEmpty();
            assertThat(last(db).xid()).isEqualTo(AtDatabase.XID);
            try (PreparedStatement select = connection.prepareStatement("SELECT amount FROM stock WHERE id = ?")) {
                for (Object id : List.of(2, 2L)) {
                    select.setObject(1, id);
                    try (ResultSet rows = select.executeQuery()) {
                        assertThat(rows.next()).isTrue();
                    }
                    assertThat(last(db).lockKey()).isEqualTo(stock + ":2");
                }
            }
            for (String sql : List.of(
                    "SELECT amount FROM stock WHERE id = 1 OR id = 2",
                    "SELECT SUM(amount) FROM stock",
                    "SELECT a.amount FROM stock a JOIN stock b ON a.id = b.id WHERE a.id = 1")) {
                first(connection, sql);
                assertThat(last(db).tables()).as(sql).containsExactly(stock);
                assertThat(last(db).lockKey()).isEmpty();
            }
        });
        // The first one asks for a mark, and one costs a question.
        assertThat(db.coordinator.reads).hasSize(7);
        assertThat(db.coordinator.reads.get(0).mark()).isEqualTo(ReadCheck.NO_MARK);
    }

    @ParameterizedTest
    @EnumSource
    void nothing_is_asked_where_nobody_wants_it(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        db.inGlobal(connection -> first(connection, "SELECT SUM(amount) FROM stock"));
        try (Connection connection = db.at.getConnection()) {
            first(connection, "SELECT SUM(amount) FROM stock");
        }
        readingCommitted(db, connection -> first(connection, "SELECT 1"));
        assertThat(db.coordinator.reads).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void what_is_doubtful_again_and_again_is_not_shown(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        for (int i = 0; i < 3; i++) {
            db.coordinator.readAnswers.add(false);
        }
        readingCommitted(
                db,
                connection -> assertThat(first(connection, "SELECT SUM(amount) FROM stock"))
                        .isEqualTo("157"));
        // One for the mark, three in vain, and one.
        assertThat(db.coordinator.reads).hasSize(5);
    }

    @ParameterizedTest
    @EnumSource
    void at_a_coordinator_of_seata_it_is_refused(Kind kind) throws SQLException {
        AtDatabase db = new AtDatabase(kind);
        db.coordinator.isSeata = true;
        assertThatThrownBy(() -> readingCommitted(db, connection -> first(connection, "SELECT amount FROM stock")))
                .isInstanceOf(BranchFailedException.class)
                .hasMessageContaining("Seata");
    }
}
