package io.entente.tm.fence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.entente.testkit.database.TestDatabase;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the fence promises on every database; each one inherits all of it. */
abstract class FenceCompatibilityTest {

    private static final FencedBranch BRANCH = new FencedBranch("127.0.0.1:8091:1", 11, "freeze");
    private static final int ROUNDS = 40;

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
    private final InstantSource clock = now::get;
    private final ExecutorService threads = Executors.newFixedThreadPool(4);
    private DataSource database;
    private Fence fence;

    abstract TestDatabase.Kind kind();

    @BeforeEach
    void open() throws SQLException {
        database = TestDatabase.of(kind()).newDatabase("fence_" + kind().name().toLowerCase(Locale.ROOT));
        execute("CREATE TABLE account (id INT PRIMARY KEY, frozen INT NOT NULL, settled INT NOT NULL)");
        execute("INSERT INTO account VALUES (1, 0, 0)");
        fence = new Fence(new DataSourceTransactions(database), Fence.TABLE, clock);
        fence.createTable();
    }

    @AfterEach
    void close() throws InterruptedException {
        threads.shutdown();
        assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<String> query(String sql) throws SQLException {
        List<String> found = new ArrayList<>();
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                StringBuilder row = new StringBuilder();
                for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                    row.append(i == 1 ? "" : "|").append(rows.getString(i));
                }
                found.add(row.toString());
            }
        }
        return found;
    }

    private String account() throws SQLException {
        return query("SELECT frozen, settled FROM account").get(0);
    }

    private List<String> rows() throws SQLException {
        return query("SELECT branch_id, action_name, status FROM tcc_fence_log ORDER BY branch_id");
    }

    private static FencedWork<@Nullable Void> sql(String sql) {
        return connection -> {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate(sql);
            }
            return null;
        };
    }

    private static FencedWork<@Nullable Void> freeze() {
        return sql("UPDATE account SET frozen = frozen + 1");
    }

    private static FencedWork<@Nullable Void> settle() {
        return sql("UPDATE account SET frozen = frozen - 1, settled = settled + 1");
    }

    private static FencedWork<@Nullable Void> release() {
        return sql("UPDATE account SET frozen = frozen - 1");
    }

    @Test
    void a_branch_is_tried_and_confirmed_once() throws Exception {
        String result = fence.runTry(BRANCH, connection -> {
            freeze().run(connection);
            return "frozen";
        });
        assertThat(result).isEqualTo("frozen");
        assertThat(account()).isEqualTo("1|0");
        assertThat(rows()).containsExactly("11|freeze|1");

        assertThat(fence.confirm(BRANCH, settle())).isTrue();
        assertThat(fence.confirm(BRANCH, settle())).isFalse();
        assertThat(account()).isEqualTo("0|1");
        assertThat(rows()).containsExactly("11|freeze|2");
    }

    @Test
    void a_branch_is_tried_and_cancelled_once() throws Exception {
        fence.runTry(BRANCH, freeze());
        assertThat(fence.cancel(BRANCH, release())).isTrue();
        assertThat(fence.cancel(BRANCH, release())).isFalse();
        assertThat(account()).isEqualTo("0|0");
        assertThat(rows()).containsExactly("11|freeze|3");
    }

    @Test
    void a_try_that_fails_leaves_nothing_and_its_cancel_does_nothing() throws Exception {
        assertThatThrownBy(() -> fence.runTry(BRANCH, connection -> {
                    freeze().run(connection);
                    throw new IllegalStateException("account closed");
                }))
                .hasMessage("account closed");
        assertThat(account()).isEqualTo("0|0");
        assertThat(rows()).isEmpty();

        assertThat(fence.cancel(BRANCH, release())).isFalse();
        assertThat(account()).isEqualTo("0|0");
        assertThat(rows()).containsExactly("11|freeze|4");
    }

    @Test
    void a_try_after_its_cancel_is_refused() throws Exception {
        assertThat(fence.cancel(BRANCH, release())).isFalse();
        assertThat(fence.cancel(BRANCH, release())).isFalse();
        assertThatThrownBy(() -> fence.runTry(BRANCH, freeze()))
                .isInstanceOf(PhaseOneTooLateException.class)
                .hasMessageContaining("xid=127.0.0.1:8091:1 branchId=11 of freeze")
                .hasMessageContaining("timeout of the global transaction longer");
        assertThat(account()).isEqualTo("0|0");
        assertThat(rows()).containsExactly("11|freeze|4");
    }

    @Test
    void a_try_after_a_try_is_refused() throws Exception {
        fence.runTry(BRANCH, freeze());
        assertThatThrownBy(() -> fence.runTry(BRANCH, freeze()))
                .isInstanceOf(FenceViolatedException.class)
                .hasMessageContaining("TRIED");
        fence.cancel(BRANCH, release());
        assertThatThrownBy(() -> fence.runTry(BRANCH, freeze())).isInstanceOf(PhaseOneTooLateException.class);
        assertThat(account()).isEqualTo("0|0");
    }

    @Test
    void a_decision_against_the_row_is_refused() throws Exception {
        assertThatThrownBy(() -> fence.confirm(BRANCH, settle()))
                .isInstanceOf(FenceViolatedException.class)
                .hasMessageContaining("no row for it in tcc_fence_log");
        fence.runTry(BRANCH, freeze());
        fence.confirm(BRANCH, settle());
        assertThatThrownBy(() -> fence.cancel(BRANCH, release()))
                .isInstanceOf(FenceViolatedException.class)
                .hasMessageContaining("COMMITTED");
        FencedBranch other = new FencedBranch(BRANCH.xid(), 12, "freeze");
        fence.runTry(other, freeze());
        fence.cancel(other, release());
        assertThatThrownBy(() -> fence.confirm(other, settle()))
                .isInstanceOf(FenceViolatedException.class)
                .hasMessageContaining("ROLLED_BACK");
        assertThat(account()).isEqualTo("0|1");
    }

    @Test
    void a_confirm_or_cancel_that_fails_changes_nothing_and_can_be_repeated() throws Exception {
        FencedBranch cancelled = new FencedBranch(BRANCH.xid(), 12, "freeze");
        fence.runTry(BRANCH, freeze());
        fence.runTry(cancelled, freeze());
        FencedWork<String> failing = connection -> {
            settle().run(connection);
            throw new java.io.IOException("no line");
        };
        assertThatThrownBy(() -> fence.confirm(BRANCH, failing)).hasMessage("no line");
        assertThatThrownBy(() -> fence.cancel(cancelled, failing)).hasMessage("no line");
        assertThat(account()).isEqualTo("2|0");
        assertThat(rows()).containsExactly("11|freeze|1", "12|freeze|1");
        assertThat(fence.confirm(BRANCH, settle())).isTrue();
        assertThat(fence.cancel(cancelled, release())).isTrue();
        assertThat(account()).isEqualTo("0|1");
    }

    @Test
    void a_step_tried_again_returns_its_first_result() throws Exception {
        String big = "{\"seat\":\"12ä😀\"}".repeat(5_000);
        assertThat(fence.runStep(BRANCH, connection -> {
                    freeze().run(connection);
                    return big;
                }))
                .isEqualTo(big);
        assertThat(fence.runStep(BRANCH, connection -> {
                    freeze().run(connection);
                    return "second";
                }))
                .isEqualTo(big);
        assertThat(account()).isEqualTo("1|0");

        FencedBranch silent = new FencedBranch(BRANCH.xid(), 12, "step");
        assertThat(fence.runStep(silent, connection -> {
                    freeze().run(connection);
                    return null;
                }))
                .isNull();
        assertThat(fence.runStep(silent, connection -> "second")).isNull();
        assertThat(account()).isEqualTo("2|0");
    }

    @Test
    void a_step_after_its_compensation_is_refused() throws Exception {
        assertThat(fence.cancel(BRANCH, release())).isFalse();
        assertThatThrownBy(() -> fence.runStep(BRANCH, connection -> "late"))
                .isInstanceOf(PhaseOneTooLateException.class);
    }

    @Test
    void a_try_racing_its_cancel_is_undone_or_refused() throws Exception {
        int ran = 0;
        for (int round = 0; round < ROUNDS; round++) {
            FencedBranch branch = new FencedBranch(BRANCH.xid(), 100 + round, "freeze");
            CyclicBarrier start = new CyclicBarrier(2);
            Future<@Nullable Throwable> trial = threads.submit(() -> {
                start.await();
                return catchThrowable(() -> fence.runTry(branch, freeze()));
            });
            Future<Boolean> cancel = threads.submit(() -> {
                start.await();
                return fence.cancel(branch, release());
            });
            boolean cancelled = cancel.get();
            if (cancelled) {
                assertThat(trial.get()).isNull();
                ran++;
            } else {
                assertThat(trial.get()).isInstanceOf(PhaseOneTooLateException.class);
            }
            assertThat(account()).isEqualTo("0|0");
        }
        assertThat(rows()).hasSize(ROUNDS);
        assertThat(ran).isBetween(0, ROUNDS);
    }

    @Test
    void a_cancel_waits_for_the_try_under_way_and_undoes_it() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch cancelling = new CountDownLatch(1);
        Future<String> trial = threads.submit(() -> fence.runTry(BRANCH, connection -> {
            freeze().run(connection);
            inside.countDown();
            // The cancel is past its begin, and can only wait: our row is not committed.
            cancelling.await();
            return "tried";
        }));
        inside.await();
        Future<Boolean> cancel = threads.submit(() -> {
            cancelling.countDown();
            return fence.cancel(BRANCH, connection -> {
                // What the try wrote is visible here, whatever the isolation.
                try (Statement statement = connection.createStatement();
                        ResultSet row = statement.executeQuery("SELECT frozen FROM account")) {
                    assertThat(row.next()).isTrue();
                    assertThat(row.getInt(1)).isEqualTo(1);
                }
                return release().run(connection);
            });
        });
        assertThat(trial.get()).isEqualTo("tried");
        assertThat(cancel.get()).isTrue();
        assertThat(account()).isEqualTo("0|0");
    }

    @Test
    void a_try_waits_for_the_cancel_under_way_and_is_refused() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch trying = new CountDownLatch(1);
        LocalTransactions slow = new LocalTransactions() {
            @Override
            public <T extends @Nullable Object> T inTransaction(FencedWork<T> work) throws Exception {
                return new DataSourceTransactions(database).inTransaction(connection -> {
                    T result = work.run(connection);
                    inside.countDown();
                    trying.await();
                    return result;
                });
            }
        };
        Future<Boolean> cancel = threads.submit(() -> new Fence(slow).cancel(BRANCH, release()));
        inside.await();
        Future<@Nullable Throwable> trial = threads.submit(() -> {
            trying.countDown();
            return catchThrowable(() -> fence.runTry(BRANCH, freeze()));
        });
        assertThat(cancel.get()).isFalse();
        assertThat(trial.get()).isInstanceOf(PhaseOneTooLateException.class);
        assertThat(account()).isEqualTo("0|0");
    }

    @Test
    void of_several_equal_decisions_at_once_one_takes_effect() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            boolean commit = round % 2 == 0;
            FencedBranch branch = new FencedBranch(BRANCH.xid(), 100 + round, "freeze");
            fence.runTry(branch, freeze());
            CyclicBarrier start = new CyclicBarrier(3);
            List<Future<Boolean>> decisions = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                decisions.add(threads.submit(() -> {
                    start.await();
                    return commit ? fence.confirm(branch, release()) : fence.cancel(branch, release());
                }));
            }
            int took = 0;
            for (Future<Boolean> decision : decisions) {
                took += decision.get() ? 1 : 0;
            }
            assertThat(took).isEqualTo(1);
            assertThat(account()).isEqualTo("0|0");
        }
    }

    @Test
    void several_cancels_of_neighbouring_branches_never_tried_do_not_hinder_each_other() throws Exception {
        for (int round = 0; round < ROUNDS; round++) {
            CyclicBarrier start = new CyclicBarrier(4);
            List<Future<Boolean>> cancels = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                FencedBranch branch = new FencedBranch(BRANCH.xid(), 100 + 4L * round + i / 2, "freeze");
                cancels.add(threads.submit(() -> {
                    start.await();
                    return fence.cancel(branch, release());
                }));
            }
            for (Future<Boolean> cancel : cancels) {
                assertThat(cancel.get()).isFalse();
            }
        }
        assertThat(rows()).hasSize(2 * ROUNDS);
    }

    @Test
    void the_table_of_seata_does_for_tcc_but_not_for_steps() throws Exception {
        execute("DROP TABLE tcc_fence_log");
        execute("CREATE TABLE tcc_fence_log (xid VARCHAR(128) NOT NULL, branch_id BIGINT NOT NULL,"
                + " action_name VARCHAR(64) NOT NULL, status SMALLINT NOT NULL, gmt_create TIMESTAMP(3) NOT NULL"
                + " DEFAULT '2000-01-01 00:00:00', gmt_modified TIMESTAMP(3) NOT NULL DEFAULT '2000-01-01 00:00:00',"
                + " PRIMARY KEY (xid, branch_id))");
        fence.verifyTable(false);
        fence.runTry(BRANCH, freeze());
        assertThat(fence.confirm(BRANCH, settle())).isTrue();
        FencedBranch other = new FencedBranch(BRANCH.xid(), 12, "freeze");
        assertThat(fence.cancel(other, release())).isFalse();
        assertThat(account()).isEqualTo("0|1");

        FencedBranch step = new FencedBranch(BRANCH.xid(), 13, "step");
        assertThatThrownBy(() -> fence.runStep(step, connection -> "x"))
                .isInstanceOf(FenceTableException.class)
                .hasMessageContaining("ALTER TABLE tcc_fence_log ADD COLUMN result ");
        Throwable thrown = catchThrowable(() -> fence.verifyTable(true));
        assertThat(thrown).isInstanceOf(FenceTableException.class);
        String message = String.valueOf(thrown.getMessage());
        execute(message.substring(message.indexOf("ALTER TABLE"), message.length() - 1));
        fence.verifyTable(true);
        assertThat(fence.runStep(step, connection -> "x")).isEqualTo("x");
    }

    @Test
    void a_missing_table_or_column_is_reported_with_the_script() throws Exception {
        execute("DROP TABLE tcc_fence_log");
        assertThatThrownBy(() -> fence.verifyTable(false))
                .isInstanceOf(FenceTableException.class)
                .hasMessageContaining("The fence table tcc_fence_log is missing")
                .hasMessageContaining("/tcc_fence_log.sql (also on the class path");
        execute("CREATE TABLE tcc_fence_log (xid VARCHAR(128) PRIMARY KEY, status INT)");
        assertThatThrownBy(() -> fence.verifyTable(false))
                .isInstanceOf(FenceTableException.class)
                .hasMessageContaining("[action_name, branch_id, gmt_create, gmt_modified]");
    }

    @Test
    void the_table_can_have_another_name_and_schema() throws Exception {
        execute("CREATE SCHEMA fences");
        Fence other = new Fence(new DataSourceTransactions(database), "fences.own_fence", clock);
        other.createTable();
        other.createTable();
        other.verifyTable(true);
        other.runTry(BRANCH, freeze());
        assertThat(query("SELECT status FROM fences.own_fence")).containsExactly("1");
        assertThat(rows()).isEmpty();
        execute("DROP TABLE fences.own_fence");
        execute("DROP SCHEMA fences");
    }

    @Test
    void old_rows_are_swept_in_portions_unless_only_tried() throws Exception {
        fence.runTry(BRANCH, freeze());
        fence.runTry(new FencedBranch(BRANCH.xid(), 12, "freeze"), freeze());
        fence.confirm(new FencedBranch(BRANCH.xid(), 12, "freeze"), settle());
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (int i = 0; i < 2_100; i++) {
                statement.addBatch("INSERT INTO tcc_fence_log (xid, branch_id, action_name, status, gmt_create,"
                        + " gmt_modified) VALUES ('old', " + i + ", 'a', " + (3 + i % 2)
                        + ", '1999-01-01 00:00:00', '1999-01-01 00:00:00')");
            }
            statement.executeBatch();
        }
        assertThat(fence.sweep(Duration.ofDays(1))).isEqualTo(2_100);
        assertThat(rows()).containsExactly("11|freeze|1", "12|freeze|2");
        now.updateAndGet(time -> time.plus(Duration.ofDays(1)));
        assertThat(fence.sweep(Duration.ofDays(1))).isZero();
        now.updateAndGet(time -> time.plusMillis(1));
        assertThat(fence.sweep(Duration.ofDays(1))).isEqualTo(1);
        assertThat(rows()).containsExactly("11|freeze|1");
    }

    @Test
    void rows_that_were_only_tried_go_when_their_transaction_is_over() throws Exception {
        FencedBranch over = new FencedBranch("x:1:2", 21, "freeze");
        FencedBranch young = new FencedBranch("x:1:3", 31, "freeze");
        fence.runTry(BRANCH, freeze());
        fence.runTry(over, freeze());
        now.updateAndGet(time -> time.plus(Duration.ofDays(2)));
        fence.runTry(young, freeze());
        List<String> asked = new ArrayList<>();
        int deleted = fence.sweepTried(Duration.ofDays(1), xid -> {
            asked.add(xid);
            return xid.equals(over.xid());
        });
        assertThat(deleted).isEqualTo(1);
        assertThat(asked).containsExactlyInAnyOrder(BRANCH.xid(), over.xid());
        assertThat(rows()).containsExactly("11|freeze|1", "31|freeze|1");
    }

    @Test
    void what_a_branch_cannot_be_called_is_refused() {
        assertThatThrownBy(() -> new Fence(new DataSourceTransactions(database), "fence; DROP", clock))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'fence; DROP'");
        assertThatThrownBy(() -> new FencedBranch("x", 1, " ")).isInstanceOf(IllegalArgumentException.class);
    }
}
