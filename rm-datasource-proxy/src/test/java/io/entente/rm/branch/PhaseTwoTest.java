package io.entente.rm.branch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchType;
import io.entente.rm.dialect.H2;
import io.entente.rm.undo.BranchKey;
import io.entente.rm.undo.UndoLog;
import io.entente.rm.undo.UndoLogSettings;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.branch.PhaseTwoAnswer;
import io.entente.tm.branch.PhaseTwoBranch;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever happens to the database or to this process, the coordinator gets an answer for each branch. */
class PhaseTwoTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final List<String> answers = new CopyOnWriteArrayList<>();
    private DataSource database;
    private AtDatabase resource;

    @BeforeEach
    void open() throws SQLException {
        database = TestDatabase.h2().newDatabase("phase_two");
        UndoLog undoLog = new UndoLog(new H2(), UndoLogSettings.defaults(), Clock.systemUTC());
        resource = new AtDatabase("jdbc:h2:mem:phase_two", database, undoLog);
        try (Connection connection = database.getConnection()) {
            undoLog.createTable(connection);
        }
    }

    private void dropUndoLog() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE undo_log");
        }
    }

    private static PhaseTwoBranch branch(long id) {
        return new PhaseTwoBranch(
                "x:1:1", id, BranchType.AT, "jdbc:h2:mem:phase_two", "", PhaseTwoBranch.Decision.ROLLBACK);
    }

    private final class Recorded implements PhaseTwoAnswer {
        @Override
        public void done() {
            answers.add("done");
        }

        @Override
        public void tryAgain(String reason) {
            assertThat(reason).isNotEmpty();
            answers.add("try again");
        }

        @Override
        public void giveUp(AttentionReason why, String reason) {
            assertThat(reason).isNotEmpty();
            answers.add("give up");
        }
    }

    @Test
    void every_commit_is_answered_after_its_undo_row_is_gone() throws SQLException {
        int branches = 3_000;
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "INSERT INTO undo_log (branch_id, xid, context, rollback_info, log_status, log_created,"
                                + " log_modified) VALUES (?, 'x:1:1', '', X'00', 0, LOCALTIMESTAMP, LOCALTIMESTAMP)")) {
            for (int id = 1; id <= branches; id++) {
                insert.setInt(1, id);
                insert.addBatch();
            }
            insert.executeBatch();
        }
        UndoDeletions deletions = new UndoDeletions();
        for (int id = 1; id <= branches; id++) {
            deletions.delete(resource, new BranchKey("x:1:1", id), new Recorded());
        }
        deletions.close(PATIENCE);
        assertThat(answers).hasSize(branches).containsOnly("done");
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT count(*) FROM undo_log")) {
            rows.next();
            assertThat(rows.getInt(1)).isZero();
        }
    }

    @Test
    void what_fails_or_comes_too_late_is_answered_as_to_be_sent_again() throws SQLException {
        dropUndoLog();
        UndoDeletions deletions = new UndoDeletions();
        deletions.delete(resource, new BranchKey("x:1:1", 1), new Recorded());
        deletions.close(PATIENCE);
        deletions.delete(resource, new BranchKey("x:1:1", 2), new Recorded());
        BranchRollbacks rollbacks = new BranchRollbacks(2, () -> true);
        rollbacks.rollBack(resource, branch(3), new Recorded());
        rollbacks.close();
        rollbacks.rollBack(resource, branch(4), new Recorded());
        assertThat(answers).containsExactly("try again", "try again", "try again", "try again");
    }

    @Test
    void a_rollback_without_an_undo_row_is_done() {
        BranchRollbacks rollbacks = new BranchRollbacks(1, () -> true);
        rollbacks.rollBack(resource, branch(1), new Recorded());
        await().atMost(30, TimeUnit.SECONDS)
                .untilAsserted(() -> assertThat(answers).containsExactly("done"));
        rollbacks.close();
    }

    @Test
    void an_undo_row_of_another_program_is_left_to_a_person() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "INSERT INTO undo_log (branch_id, xid, context, rollback_info, log_status, log_created,"
                            + " log_modified) VALUES (1, 'x:1:1', 'serializer=kryo', X'00', 0, LOCALTIMESTAMP, LOCALTIMESTAMP)");
        }
        BranchRollbacks rollbacks = new BranchRollbacks(1, () -> true);
        rollbacks.rollBack(resource, branch(1), new Recorded());
        rollbacks.close();
        assertThat(answers).containsExactly("give up");
    }
}
