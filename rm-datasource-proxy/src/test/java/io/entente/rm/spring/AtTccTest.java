package io.entente.rm.spring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.BranchType;
import io.entente.tc.transaction.Branch;
import io.entente.testkit.EmbeddedCoordinator;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.GlobalTransactionTemplate;
import io.entente.tm.spring.EntenteAutoConfiguration;
import io.entente.tm.spring.tcc.TccAutoConfiguration;
import io.entente.tm.tcc.TwoPhaseBusinessAction;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.DataSourceTransactionManagerAutoConfiguration;
import org.springframework.boot.jdbc.autoconfigure.JdbcTemplateAutoConfiguration;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.transaction.autoconfigure.TransactionAutoConfiguration;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionTemplate;

/** An AT statement and the try of a TCC action at one data source, in one global transaction. */
@ParameterizedClass
@EnumSource(TestDatabase.Kind.class)
class AtTccTest {

    private static int number;

    private final TestDatabase.Kind kind;
    private EmbeddedCoordinator coordinator;
    private ApplicationContextRunner application;

    AtTccTest(TestDatabase.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() {
        coordinator = EmbeddedCoordinator.start();
        TestDatabase database = TestDatabase.of(kind);
        String name = "at_tcc_" + number++;
        DataSource plain = database.newDatabase(name);
        JdbcTemplate jdbc = new JdbcTemplate(plain);
        jdbc.execute("CREATE TABLE item (id INT PRIMARY KEY, n INT)");
        jdbc.execute("CREATE TABLE account (id INT PRIMARY KEY, free INT, frozen INT)");
        jdbc.update("INSERT INTO item VALUES (1, 5)");
        jdbc.update("INSERT INTO account VALUES (1, 100, 0)");
        application = new ApplicationContextRunner()
                .withConfiguration(AutoConfigurations.of(
                        EntenteAutoConfiguration.class,
                        TccAutoConfiguration.class,
                        AtAutoConfiguration.class,
                        XaAutoConfiguration.class,
                        DataSourceWrappingAutoConfiguration.class,
                        DataSourceAutoConfiguration.class,
                        DataSourceTransactionManagerAutoConfiguration.class,
                        JdbcTemplateAutoConfiguration.class,
                        TransactionAutoConfiguration.class))
                .withBean(Accounts.class)
                .withPropertyValues(
                        "entente.server=" + coordinator.address(),
                        "entente.at.create-undo-log-table=true",
                        "entente.tcc.fence.create-table=true",
                        "spring.datasource.url=" + database.jdbcUrl(name),
                        "spring.datasource.username=" + database.user(),
                        "spring.datasource.password=" + database.password());
    }

    @AfterEach
    void stop() {
        coordinator.close();
    }

    static class Accounts {

        private final JdbcTemplate jdbc;
        private final List<String> calls = new CopyOnWriteArrayList<>();

        Accounts(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
        }

        @Transactional
        @TwoPhaseBusinessAction(name = "freeze", commitMethod = "settle", rollbackMethod = "release")
        public void freeze(int amount) {
            jdbc.update("UPDATE account SET free = free - ?, frozen = frozen + ?", amount, amount);
        }

        @Transactional
        public void settle(int amount) {
            calls.add("settle, item " + item());
            jdbc.update("UPDATE account SET frozen = frozen - ?", amount);
        }

        @Transactional
        public void release(int amount) {
            calls.add("release, item " + item());
            jdbc.update("UPDATE account SET free = free + ?, frozen = frozen - ?", amount, amount);
        }

        List<String> calls() {
            return calls;
        }

        private int item() {
            return number("SELECT n FROM item");
        }

        int number(String sql) {
            Integer found = jdbc.queryForObject(sql, Integer.class);
            return found == null ? -1 : found;
        }
    }

    private List<Branch> branches() {
        return coordinator
                .coordinator()
                .coordinator()
                .ask(view -> view.state().transactions().stream()
                        .flatMap(transaction -> transaction.branches().stream())
                        .toList())
                .join();
    }

    private void awaitEnd() {
        await().atMost(Duration.ofSeconds(30))
                .pollInterval(50, TimeUnit.MILLISECONDS)
                .until(() -> {
                    coordinator.advanceTime(Duration.ofSeconds(1));
                    return coordinator
                                    .coordinator()
                                    .coordinator()
                                    .ask(view -> view.state().transactions().size())
                                    .join()
                            == 0;
                });
    }

    private void check(boolean joined, boolean commits, Consumer<Accounts> after) {
        application.run(context -> {
            assertThat(context).hasNotFailed();
            Accounts accounts = context.getBean(Accounts.class);
            JdbcTemplate jdbc = context.getBean(JdbcTemplate.class);
            TransactionTemplate local = context.getBean(TransactionTemplate.class);
            GlobalTransactionTemplate global = context.getBean(GlobalTransactionTemplate.class);
            Runnable both = () -> {
                jdbc.update("UPDATE item SET n = n + 1 WHERE id = 1");
                accounts.freeze(10);
            };
            Runnable work = () -> global.execute("both", () -> {
                if (joined) {
                    local.executeWithoutResult(status -> both.run());
                } else {
                    both.run();
                }
                assertThat(branches())
                        .extracting(Branch::type)
                        .containsExactlyInAnyOrder(BranchType.AT, BranchType.TCC);
                assertThat(branches().stream().flatMap(branch -> branch.rows().stream()))
                        .as("row locks are of the AT statement")
                        .singleElement()
                        .asString()
                        .containsIgnoringCase("item");
                assertThat(count(accounts, "undo_log")).isEqualTo(1);
                if (!commits) {
                    throw new IllegalStateException("no");
                }
                return null;
            });
            if (commits) {
                work.run();
            } else {
                assertThatThrownBy(work::run).hasMessage("no");
            }
            awaitEnd();
            await().atMost(Duration.ofSeconds(30)).until(() -> count(accounts, "undo_log") == 0);
            after.accept(accounts);
        });
    }

    private static int count(Accounts accounts, String table) {
        return accounts.number("SELECT COUNT(*) FROM " + table);
    }

    private static String state(Accounts accounts) {
        return accounts.number("SELECT n FROM item") + " " + accounts.number("SELECT free FROM account") + " "
                + accounts.number("SELECT frozen FROM account");
    }

    @Test
    void in_local_transactions_of_their_own_a_commit_keeps_both() {
        check(false, true, accounts -> {
            assertThat(state(accounts)).isEqualTo("6 90 0");
            assertThat(accounts.calls()).containsExactly("settle, item 6");
        });
    }

    @Test
    void in_local_transactions_of_their_own_a_rollback_cancels_before_the_undo() {
        check(false, false, accounts -> {
            assertThat(state(accounts)).isEqualTo("5 100 0");
            assertThat(accounts.calls()).containsExactly("release, item 6");
        });
    }

    @Test
    void in_one_local_transaction_a_commit_keeps_both() {
        check(true, true, accounts -> assertThat(state(accounts)).isEqualTo("6 90 0"));
    }

    /** The AT branch is registered with the local commit, after the try: it is undone first. */
    @Test
    void in_one_local_transaction_a_rollback_undoes_before_it_cancels() {
        check(true, false, accounts -> {
            assertThat(state(accounts)).isEqualTo("5 100 0");
            assertThat(accounts.calls()).containsExactly("release, item 5");
        });
    }
}
