package io.entente.tm.tcc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.GlobalTransactionException;
import io.entente.tm.GlobalTransactionOutcomeUnknownException;
import io.entente.tm.GlobalTransactionRolledBackException;
import io.entente.tm.TransactionContext;
import io.entente.tm.TransactionOptions;
import io.entente.tm.fence.DataSourceTransactions;
import io.entente.tm.fence.Fence;
import io.entente.tm.fence.FencedWork;
import io.entente.tm.fence.LocalTransactions;
import io.entente.tm.fence.PhaseOneTooLateException;
import io.entente.tm.payload.PayloadNotUsableException;
import java.io.IOException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** TCC without Spring: a client, a real coordinator, a database. */
class TccActionsTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    record Freeze(String account, BigDecimal amount) {}

    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final List<TccBranch> branches = new CopyOnWriteArrayList<>();
    private final AtomicInteger failures = new AtomicInteger();
    private final AtomicReference<@Nullable Object> answerOfPhaseTwo = new AtomicReference<>();

    private EmbeddedCoordinator coordinator;
    private DataSource database;
    private EntenteClient client;
    private TccActions actions;
    private TccAction<Freeze> freeze;
    private TccAction<Freeze> notify;

    @BeforeEach
    void start() throws SQLException {
        coordinator = EmbeddedCoordinator.start();
        database = TestDatabase.h2().newDatabase("tcc");
        execute("CREATE TABLE account (id VARCHAR(10) PRIMARY KEY, frozen DECIMAL(9,2) NOT NULL,"
                + " settled DECIMAL(9,2) NOT NULL)");
        execute("INSERT INTO account VALUES ('A', 0, 0)");
        new Fence(new DataSourceTransactions(database)).createTable();
        open();
    }

    private void open() {
        open(ClientSettings.of(coordinator.address()));
    }

    private void open(ClientSettings settings) {
        client = EntenteClient.connect(settings);
        actions = TccActions.of(client, 4);
        freeze = TccAction.named("freeze", Freeze.class)
                .confirm(argument -> phaseTwo("confirm", argument, "settled = settled + "))
                .cancel(argument -> phaseTwo("cancel", argument, "settled = settled + 0 * "))
                .fencedBy(new Fence(new DataSourceTransactions(database)));
        notify = TccAction.named("notify", Freeze.class)
                .confirm(argument -> note("confirm", argument))
                .cancel(argument -> note("cancel", argument))
                .unfenced();
        actions.serve(freeze);
        actions.serve(notify);
        actions.awaitConnected(PATIENCE);
    }

    @AfterEach
    void stop() {
        actions.close();
        client.close();
        coordinator.close();
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private String account() throws SQLException {
        return query("SELECT CONCAT(frozen, ' ', settled) FROM account");
    }

    private String rows() throws SQLException {
        return query("SELECT LISTAGG(status, ',') FROM tcc_fence_log");
    }

    private String query(String sql) throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            return row.next() ? String.valueOf(row.getString(1)) : "";
        }
    }

    private static void update(String change, Freeze argument) throws SQLException {
        try (Statement statement = TccBranch.current().connection().createStatement()) {
            statement.executeUpdate(
                    "UPDATE account SET " + change + argument.amount() + " WHERE id = '" + argument.account() + "'");
        }
    }

    private String tried(Freeze argument) throws SQLException {
        branches.add(TccBranch.current());
        calls.add("try " + argument.amount());
        assertThat(TransactionContext.xid()).isEqualTo(TccBranch.current().xid());
        assertThat(TransactionContext.enlistedXid()).isNull();
        update("frozen = frozen + ", argument);
        return "frozen";
    }

    private @Nullable Object phaseTwo(String phase, Freeze argument, String change) throws Exception {
        update("frozen = frozen - ", argument);
        update(change, argument);
        return note(phase, argument);
    }

    private @Nullable Object note(String phase, Freeze argument) throws IOException {
        branches.add(TccBranch.current());
        calls.add(phase + " " + argument.amount());
        assertThat(TransactionContext.isActive()).isFalse();
        if (failures.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
            throw new IOException("bank closed");
        }
        return answerOfPhaseTwo.get();
    }

    private static Freeze ten() {
        return new Freeze("A", new BigDecimal("10.50"));
    }

    private String freezeTen() throws Exception {
        return actions.run(freeze, ten(), this::tried);
    }

    private void awaitEnded() {
        await().atMost(PATIENCE).pollInterval(50, TimeUnit.MILLISECONDS).until(() -> {
            coordinator.advanceTime(Duration.ofSeconds(1));
            return openTransactions() == 0;
        });
    }

    private int openTransactions() {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> view.state().transactions().size())
                .join();
    }

    private List<String> stuck() {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> view.state().transactions().stream()
                        .flatMap(transaction -> transaction.stuck().stream())
                        .map(stuck -> stuck.reason())
                        .toList())
                .join();
    }

    @Test
    void a_commit_confirms_with_the_arguments_of_the_try() throws Exception {
        String result = client.transactions().execute("transfer", this::freezeTen);
        assertThat(result).isEqualTo("frozen");
        awaitEnded();
        assertThat(calls).containsExactly("try 10.50", "confirm 10.50");
        assertThat(account()).isEqualTo("0.00 10.50");
        assertThat(rows()).isEqualTo("2");
        assertThat(branches).hasSize(2);
        assertThat(branches.get(1)).hasToString(branches.get(0).toString());
        assertThat(branches.get(0).action()).isEqualTo("freeze");
        assertThat(branches.get(0).branchId()).isPositive();
    }

    @Test
    void a_rollback_cancels() throws Exception {
        assertThatThrownBy(() -> client.transactions().execute("transfer", () -> {
                    String unused = freezeTen();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        awaitEnded();
        assertThat(calls).containsExactly("try 10.50", "cancel 10.50");
        assertThat(account()).isEqualTo("0.00 0.00");
        assertThat(rows()).isEqualTo("3");
    }

    private @Nullable String failAfterFreezing(Freeze argument) throws SQLException {
        String unused = tried(argument);
        throw new IllegalStateException("account closed");
    }

    @Test
    void a_try_that_fails_ends_clean() throws Exception {
        assertThatThrownBy(() -> client.transactions()
                        .execute("transfer", () -> actions.run(freeze, ten(), this::failAfterFreezing)))
                .hasMessage("account closed");
        awaitEnded();
        assertThat(account()).isEqualTo("0.00 0.00");
        assertThat(calls).containsExactly("try 10.50");
        assertThat(rows()).isEqualTo("null");
    }

    private String swallowing() {
        try {
            return String.valueOf(actions.run(freeze, ten(), this::failAfterFreezing));
        } catch (Exception e) {
            return "swallowed " + e.getMessage();
        }
    }

    @Test
    void a_swallowed_failure_of_a_try_cannot_commit() throws Exception {
        assertThatThrownBy(() -> client.transactions().execute("transfer", () -> {
                    String unused = freezeTen();
                    return swallowing();
                }))
                .isInstanceOf(GlobalTransactionRolledBackException.class)
                .hasMessageContaining("the try of TCC action freeze")
                .hasMessageContaining("account closed");
        awaitEnded();
        assertThat(account()).isEqualTo("0.00 0.00");
        assertThat(calls).containsExactly("try 10.50", "try 10.50", "cancel 10.50");
    }

    @Test
    void a_waived_failure_of_a_try_commits_without_it() throws Exception {
        String result = client.transactions().execute("transfer", () -> {
            String unused = freezeTen();
            try (var scope = TransactionContext.waiveVotes()) {
                return swallowing();
            }
        });
        assertThat(result).isEqualTo("swallowed account closed");
        awaitEnded();
        assertThat(calls).containsExactly("try 10.50", "try 10.50", "confirm 10.50");
        assertThat(account()).isEqualTo("0.00 10.50");
        assertThat(stuck()).isEmpty();
    }

    @Test
    void a_waived_failure_that_could_not_be_reported_cannot_commit() {
        actions.close();
        client.close();
        open(impatient());
        assertThatThrownBy(() -> client.transactions().execute("transfer", () -> {
                    try (var scope = TransactionContext.waiveVotes()) {
                        return actions.<Freeze, String>run(freeze, ten(), argument -> {
                            coordinator.stop();
                            throw new IllegalStateException("account closed");
                        });
                    } catch (IllegalStateException e) {
                        coordinator.startAgain();
                        return "swallowed";
                    }
                }))
                .isInstanceOf(GlobalTransactionRolledBackException.class)
                .hasMessageContaining("account closed");
        awaitEnded();
        assertThat(calls).isEmpty();
    }

    private ClientSettings impatient() {
        return ClientSettings.of(coordinator.address()).withPatience(Duration.ofMillis(300), Duration.ofSeconds(30));
    }

    @Test
    void the_failure_of_a_try_without_fence_cannot_be_waived_and_is_cancelled() {
        assertThatThrownBy(() -> client.transactions().execute("transfer", () -> {
                    try (var scope = TransactionContext.waiveVotes()) {
                        return actions.<Freeze, String>run(notify, ten(), argument -> {
                            throw new IllegalStateException("sent half of it");
                        });
                    } catch (IllegalStateException e) {
                        return "swallowed";
                    }
                }))
                .isInstanceOf(GlobalTransactionRolledBackException.class)
                .hasMessageContaining("sent half of it");
        awaitEnded();
        assertThat(calls).containsExactly("cancel 10.50");
    }

    @Test
    void a_try_that_begins_after_the_timeout_is_refused() throws Exception {
        assertThatThrownBy(() -> client.transactions()
                        .execute(TransactionOptions.named("slow").withTimeout(Duration.ofSeconds(5)), () -> {
                            Fence late = new Fence(beginningLate(() -> {
                                coordinator.advanceTime(Duration.ofSeconds(6));
                                awaitEnded();
                            }));
                            return actionsWith(late);
                        }))
                .isInstanceOf(PhaseOneTooLateException.class);
        assertThat(calls).isEmpty();
        assertThat(account()).isEqualTo("0.00 0.00");
        assertThat(rows()).isEqualTo("4");
    }

    @Test
    void a_try_whose_local_commit_went_unanswered_is_cancelled_even_when_waived() throws Exception {
        TccAction<Freeze> unsure = TccAction.named("unsure", Freeze.class)
                .confirm(argument -> execution("confirm"))
                .cancel(argument -> phaseTwo("cancel", argument, "settled = settled + 0 * "))
                .fencedBy(new Fence(losingTheFirstAnswer()));
        actions.serve(unsure);
        assertThatThrownBy(() -> client.transactions().execute("transfer", () -> {
                    try (var scope = TransactionContext.waiveVotes()) {
                        return actions.run(unsure, ten(), this::tried);
                    } catch (SQLException e) {
                        return "swallowed";
                    }
                }))
                .isInstanceOf(GlobalTransactionRolledBackException.class)
                .hasMessageContaining("connection lost");
        awaitEnded();
        assertThat(calls).containsExactly("try 10.50", "cancel 10.50");
        assertThat(account()).isEqualTo("0.00 0.00");
    }

    private LocalTransactions losingTheFirstAnswer() {
        AtomicBoolean lost = new AtomicBoolean();
        return new LocalTransactions() {
            @Override
            public <T extends @Nullable Object> T inTransaction(FencedWork<T> work) throws Exception {
                T result = new DataSourceTransactions(database).inTransaction(work);
                if (lost.compareAndSet(false, true)) {
                    throw new SQLException("connection lost");
                }
                return result;
            }
        };
    }

    private LocalTransactions beginningLate(Runnable first) {
        AtomicBoolean begun = new AtomicBoolean();
        return new LocalTransactions() {
            @Override
            public <T extends @Nullable Object> T inTransaction(FencedWork<T> work) throws Exception {
                if (begun.compareAndSet(false, true)) {
                    first.run();
                }
                return new DataSourceTransactions(database).inTransaction(work);
            }
        };
    }

    /** The same action in another process, whose local transactions begin late. */
    private String actionsWith(Fence fence) throws Exception {
        try (EntenteClient other = EntenteClient.connect(ClientSettings.of(coordinator.address()));
                TccActions others = TccActions.of(other, 1)) {
            TccAction<Freeze> late = TccAction.named("freeze", Freeze.class)
                    .confirm(argument -> null)
                    .cancel(argument -> null)
                    .fencedBy(fence);
            others.serve(late);
            others.awaitConnected(PATIENCE);
            return others.run(late, ten(), this::tried);
        }
    }

    @Test
    void a_try_that_ends_after_the_timeout_is_cancelled() throws Exception {
        assertThatThrownBy(() -> client.transactions()
                        .execute(TransactionOptions.named("slow").withTimeout(Duration.ofSeconds(5)), () -> {
                            String result = freezeTen();
                            coordinator.advanceTime(Duration.ofSeconds(6));
                            return result;
                        }))
                .isInstanceOf(GlobalTransactionException.class);
        awaitEnded();
        assertThat(calls).containsExactly("try 10.50", "cancel 10.50");
        assertThat(account()).isEqualTo("0.00 0.00");
    }

    @Test
    void a_confirm_or_cancel_that_fails_is_called_again() throws Exception {
        failures.set(2);
        String unused = client.transactions().execute("transfer", this::freezeTen);
        awaitEnded();
        assertThat(calls).containsExactly("try 10.50", "confirm 10.50", "confirm 10.50", "confirm 10.50");
        assertThat(account()).isEqualTo("0.00 10.50");
        calls.clear();
        failures.set(1);
        assertThatThrownBy(() -> client.transactions().execute("transfer", () -> {
                    String frozen = freezeTen();
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        awaitEnded();
        assertThat(calls).containsExactly("try 10.50", "cancel 10.50", "cancel 10.50");
        assertThat(account()).isEqualTo("0.00 10.50");
    }

    @Test
    void false_means_to_be_called_again_and_other_results_do_not() throws Exception {
        answerOfPhaseTwo.set(false);
        String unused = client.transactions().execute("transfer", this::freezeTen);
        await().atMost(PATIENCE).until(() -> {
            coordinator.advanceTime(Duration.ofSeconds(1));
            return calls.size() > 3;
        });
        assertThat(account()).isEqualTo("10.50 0.00");
        answerOfPhaseTwo.set("anything");
        awaitEnded();
        assertThat(account()).isEqualTo("0.00 10.50");
    }

    @Test
    void the_reason_is_at_the_coordinator_when_the_budget_is_used_up() throws Exception {
        failures.set(Integer.MAX_VALUE);
        String unused = client.transactions().execute("transfer", this::freezeTen);
        await().atMost(PATIENCE).pollInterval(50, TimeUnit.MILLISECONDS).until(() -> {
            coordinator.advanceTime(Duration.ofMinutes(1));
            return !stuck().isEmpty();
        });
        assertThat(stuck()).singleElement().asString().contains("confirm of TCC action freeze failed", "bank closed");
    }

    @Test
    void another_process_of_the_application_carries_on() throws Exception {
        failures.set(Integer.MAX_VALUE);
        String unused = client.transactions().execute("transfer", this::freezeTen);
        actions.close();
        client.close();
        failures.set(0);
        open();
        awaitEnded();
        assertThat(account()).isEqualTo("0.00 10.50");
        assertThat(rows()).isEqualTo("2");
    }

    @Test
    void a_coordinator_that_restarts_carries_on() throws Exception {
        failures.set(1);
        String unused = client.transactions().execute("transfer", this::freezeTen);
        coordinator.restart();
        awaitEnded();
        assertThat(account()).isEqualTo("0.00 10.50");
    }

    @Test
    void a_repeated_decision_changes_nothing() throws Exception {
        String unused = client.transactions().execute("transfer", this::freezeTen);
        awaitEnded();
        TccBranch branch = branches.get(0);
        assertThat(new Fence(new DataSourceTransactions(database))
                        .confirm(branch.fenced(), connection -> execution("again")))
                .isFalse();
        assertThat(account()).isEqualTo("0.00 10.50");
    }

    private static String execution(String what) {
        throw new AssertionError(what + " ran");
    }

    @Test
    void a_confirm_of_what_was_never_tried_needs_a_person() {
        assertThatThrownBy(() -> client.transactions().execute("transfer", () -> {
                    String result = freezeTen();
                    execute("DELETE FROM tcc_fence_log");
                    return result;
                }))
                .isInstanceOf(GlobalTransactionOutcomeUnknownException.class);
        assertThat(stuck()).singleElement().asString().contains("Confirm of", "no row for it in tcc_fence_log");
    }

    @Test
    void arguments_that_cannot_be_read_any_more_need_a_person() throws Exception {
        failures.set(Integer.MAX_VALUE);
        String unused = client.transactions().execute("transfer", this::freezeTen);
        actions.close();
        client.close();
        client = EntenteClient.connect(ClientSettings.of(coordinator.address()));
        actions = TccActions.of(client, 1);
        actions.serve(TccAction.named("freeze", Integer.class)
                .confirm(argument -> execution("confirm"))
                .cancel(argument -> execution("cancel"))
                .fencedBy(new Fence(new DataSourceTransactions(database))));
        await().atMost(PATIENCE).pollInterval(50, TimeUnit.MILLISECONDS).until(() -> {
            coordinator.advanceTime(Duration.ofSeconds(1));
            return !stuck().isEmpty();
        });
        assertThat(stuck()).singleElement().asString().contains("Argument 'argument' of TCC action freeze", "Integer");
    }

    /** A new version of the application, in which {@code freeze} is fenced or not. */
    private void redeploy(boolean fenced) {
        actions.close();
        client.close();
        client = EntenteClient.connect(ClientSettings.of(coordinator.address()));
        actions = TccActions.of(client, 1);
        for (String name : List.of("freeze", "notify")) {
            var phases = TccAction.named(name, Freeze.class)
                    .confirm(argument -> note("confirmed " + name, argument))
                    .cancel(argument -> note("cancelled " + name, argument));
            actions.serve(
                    fenced ? phases.fencedBy(new Fence(new DataSourceTransactions(database))) : phases.unfenced());
        }
        actions.awaitConnected(PATIENCE);
    }

    @Test
    void a_branch_ends_as_it_began_fenced_or_not() throws Exception {
        failures.set(Integer.MAX_VALUE);
        String unused = client.transactions().execute("transfer", () -> {
            String frozen = freezeTen();
            return frozen + actions.run(notify, ten(), argument -> "notified");
        });
        redeploy(false);
        failures.set(0);
        await().atMost(PATIENCE).pollInterval(50, TimeUnit.MILLISECONDS).until(() -> {
            coordinator.advanceTime(Duration.ofSeconds(1));
            return calls.contains("confirmed notify 10.50");
        });
        assertThat(calls).doesNotContain("confirmed freeze 10.50");
        redeploy(true);
        awaitEnded();
        assertThat(calls).contains("confirmed freeze 10.50");
        assertThat(rows()).isEqualTo("2");

        calls.clear();
        failures.set(Integer.MAX_VALUE);
        redeploy(false);
        unused = client.transactions().execute("transfer", () -> {
            TccAction<Freeze> unfenced = TccAction.named("third", Freeze.class)
                    .confirm(argument -> note("confirmed third", argument))
                    .cancel(argument -> null)
                    .unfenced();
            actions.serve(unfenced);
            return actions.run(unfenced, ten(), argument -> "tried");
        });
        actions.close();
        client.close();
        client = EntenteClient.connect(ClientSettings.of(coordinator.address()));
        actions = TccActions.of(client, 1);
        actions.serve(TccAction.named("third", Freeze.class)
                .confirm(argument -> note("fenced now", argument))
                .cancel(argument -> null)
                .fencedBy(new Fence(new DataSourceTransactions(database))));
        failures.set(0);
        awaitEnded();
        assertThat(calls).contains("fenced now 10.50");
    }

    @Test
    void an_argument_that_cannot_be_kept_fails_before_anything_happens() throws Exception {
        TccAction<Thread> odd = TccAction.named("odd", Thread.class)
                .confirm(argument -> null)
                .cancel(argument -> null)
                .unfenced();
        actions.serve(odd);
        String result = client.transactions().execute("transfer", () -> {
            assertThatThrownBy(() -> actions.run(odd, Thread.currentThread(), argument -> execution("try")))
                    .isInstanceOf(PayloadNotUsableException.class)
                    .hasMessageContaining("Argument 'argument' of TCC action odd");
            return "committed";
        });
        assertThat(result).isEqualTo("committed");
    }

    @Test
    void a_try_without_transaction_or_unserved_or_named_twice_is_refused() {
        assertThatThrownBy(this::freezeTen)
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("TCC action freeze")
                .hasMessageContaining("@GlobalTransactional");
        TccAction<Freeze> same = TccAction.named("freeze", Freeze.class)
                .confirm(argument -> null)
                .cancel(argument -> null)
                .unfenced();
        assertThatThrownBy(() -> actions.serve(same))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'freeze'");
        assertThatThrownBy(() -> client.transactions().execute("t", () -> actions.run(same, ten(), this::tried)))
                .hasMessageContaining("not served");
        assertThatThrownBy(() -> TccAction.named("a,b", Freeze.class)).hasMessageContaining("'a,b'");
        assertThatThrownBy(() -> TccAction.named("n", int.class)).hasMessageContaining("primitive int");
        assertThatThrownBy(TccBranch::current).hasMessageContaining("outside of a TCC action");
        assertThat(calls).isEmpty();
    }

    @Test
    void without_fence_there_is_no_connection() {
        assertThatThrownBy(() -> client.transactions()
                        .execute(
                                "t",
                                () -> actions.run(
                                        notify,
                                        ten(),
                                        argument ->
                                                TccBranch.current().connection().toString())))
                .hasMessageContaining("not fenced");
    }

    @Test
    void a_try_whose_registration_is_unknown_does_not_run_and_cannot_commit() {
        try (EntenteClient other = EntenteClient.connect(impatient());
                TccActions others = TccActions.of(other, 1)) {
            TccAction<Freeze> action = TccAction.named("other", Freeze.class)
                    .confirm(argument -> null)
                    .cancel(argument -> null)
                    .unfenced();
            others.serve(action);
            others.awaitConnected(PATIENCE);
            assertThatThrownBy(() -> other.transactions().execute("transfer", () -> {
                        coordinator.stop();
                        try (var scope = TransactionContext.waiveVotes()) {
                            return others.<Freeze, String>run(action, ten(), argument -> execution("try"));
                        } catch (TccNotRegisteredException e) {
                            coordinator.startAgain();
                            return "swallowed " + e.getMessage();
                        }
                    }))
                    .isInstanceOf(GlobalTransactionRolledBackException.class)
                    .hasMessageContaining("unknown whether the coordinator registered");
        }
    }
}
