package io.entente.tc.seata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.jayway.jsonpath.JsonPath;
import io.entente.protocol.BranchType;
import io.entente.tc.coordinator.CoordinatorUnderTest;
import io.entente.tc.transaction.Branch;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.Transactions;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.IntPredicate;
import org.apache.seata.core.context.RootContext;
import org.apache.seata.core.model.GlobalStatus;
import org.apache.seata.integration.tx.api.fence.DefaultCommonFenceHandler;
import org.apache.seata.integration.tx.api.util.ProxyUtil;
import org.apache.seata.rm.fence.SpringFenceHandler;
import org.apache.seata.rm.tcc.api.BusinessActionContext;
import org.apache.seata.rm.tcc.api.BusinessActionContextParameter;
import org.apache.seata.rm.tcc.api.LocalTCC;
import org.apache.seata.rm.tcc.api.TwoPhaseBusinessAction;
import org.apache.seata.tm.api.GlobalTransaction;
import org.apache.seata.tm.api.GlobalTransactionContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Seata's own client in TCC mode works with this coordinator, with its fence on our table too. */
@ExtendWith(SeataProcess.Shared.class)
class SeataTccTest {
    private static CoordinatorUnderTest tc;
    private static SeataProcess process;
    private static RecordingAccount account;
    private static RecordingAccount freeze;
    private static FencedAccount fencedAccount;
    private static FencedAccount fencedFreeze;

    private final GlobalTransaction transaction = GlobalTransactionContext.createNew();

    /** One call of a phase-two method. */
    record Call(String method, String xid, long branchId, Object owner, Object amount) {}

    /** Writes down what it is asked in phase two, and holds as often as a test wants. */
    @LocalTCC
    public static class RecordingAccount {
        private final List<Call> calls = new CopyOnWriteArrayList<>();
        private volatile IntPredicate holds = time -> true;
        private volatile boolean refusesTry;

        @TwoPhaseBusinessAction(name = "freeze", commitMethod = "settle", rollbackMethod = "release")
        public boolean freeze(
                BusinessActionContext context,
                @BusinessActionContextParameter(paramName = "owner") String owner,
                @BusinessActionContextParameter(paramName = "amount") int amount) {
            if (refusesTry) {
                throw new IllegalStateException("account is closed");
            }
            return true;
        }

        public boolean settle(BusinessActionContext context) {
            return asked("settle", context);
        }

        public boolean release(BusinessActionContext context) {
            return asked("release", context);
        }

        private boolean asked(String method, BusinessActionContext context) {
            calls.add(new Call(
                    method,
                    context.getXid(),
                    context.getBranchId(),
                    context.getActionContext("owner"),
                    context.getActionContext("amount")));
            return holds.test(calls.size());
        }
    }

    /** Money in a real table. */
    @LocalTCC
    public static class FencedAccount {
        /** Set from outside, because Seata's proxy is a subclass that calls a constructor without arguments. */
        private JdbcTemplate jdbc;

        private volatile boolean failsAfterSettling;

        @TwoPhaseBusinessAction(
                name = "fencedFreeze",
                commitMethod = "settle",
                rollbackMethod = "release",
                useTCCFence = true)
        public boolean freeze(
                BusinessActionContext context, @BusinessActionContextParameter(paramName = "amount") int amount) {
            jdbc.update("UPDATE purse SET free = free - ?, frozen = frozen + ?", amount, amount);
            return true;
        }

        public boolean settle(BusinessActionContext context) {
            jdbc.update("UPDATE purse SET frozen = frozen - ?", context.getActionContext("amount"));
            if (failsAfterSettling) {
                failsAfterSettling = false;
                throw new IllegalStateException("the line broke");
            }
            return true;
        }

        public boolean release(BusinessActionContext context) {
            Object amount = context.getActionContext("amount");
            jdbc.update("UPDATE purse SET free = free + ?, frozen = frozen - ?", amount, amount);
            return true;
        }
    }

    @BeforeAll
    static void start(SeataProcess shared) throws Exception {
        process = shared;
        tc = process.tc();
        account = new RecordingAccount();
        freeze = ProxyUtil.createProxy(account);

        process.execute(SeataProcess.ddl("tcc_fence_log"));
        process.execute("CREATE TABLE purse (free INT NOT NULL, frozen INT NOT NULL)");
        SpringFenceHandler.setDataSource(process.database());
        SpringFenceHandler.setTransactionTemplate(
                new TransactionTemplate(new DataSourceTransactionManager(process.database())));
        DefaultCommonFenceHandler.get().setFenceHandler(new SpringFenceHandler());
        fencedAccount = new FencedAccount();
        fencedAccount.jdbc = new JdbcTemplate(process.database());
        fencedFreeze = ProxyUtil.createProxy(fencedAccount);
    }

    @BeforeEach
    void begin() throws Exception {
        account.calls.clear();
        account.holds = time -> true;
        account.refusesTry = false;
        process.execute("DELETE FROM tcc_fence_log");
        process.execute("DELETE FROM purse");
        process.execute("INSERT INTO purse VALUES (100, 0)");
        transaction.begin(60_000, "transfer");
    }

    @AfterEach
    void nothingIsLeft() {
        RootContext.unbind();
        await().untilAsserted(() -> assertThat(tc.open()).isZero());
    }

    private Branch branch() {
        return tc.look(state -> state.transaction(Transactions.idOf(transaction.getXid()))
                .branches()
                .get(0));
    }

    @Test
    void its_try_is_registered_with_what_the_confirm_needs_and_confirmed_once() throws Exception {
        assertThat(freeze.freeze(null, "ann", 30)).isTrue();
        Branch branch = branch();
        assertThat(branch.type()).isEqualTo(BranchType.TCC);
        assertThat(branch.resourceId()).isEqualTo("freeze");
        assertThat(JsonPath.<String>read(branch.applicationData(), "$.actionContext.owner"))
                .isEqualTo("ann");
        assertThat(JsonPath.<Integer>read(branch.applicationData(), "$.actionContext.amount"))
                .isEqualTo(30);
        String xid = transaction.getXid();

        transaction.commit();

        assertThat(transaction.getLocalStatus()).isEqualTo(GlobalStatus.Committed);
        assertThat(tc.phase(xid)).isEqualTo(Phase.COMMITTED);
        assertThat(account.calls).containsExactly(new Call("settle", xid, branch.id(), "ann", 30));
    }

    @Test
    void its_tries_are_cancelled_backwards() throws Exception {
        freeze.freeze(null, "ann", 30);
        freeze.freeze(null, "bob", 5);
        String xid = transaction.getXid();

        transaction.rollback();

        assertThat(transaction.getLocalStatus()).isEqualTo(GlobalStatus.Rollbacked);
        assertThat(account.calls).extracting(Call::method).containsExactly("release", "release");
        assertThat(account.calls).extracting(Call::owner).containsExactly("bob", "ann");
        assertThat(tc.phase(xid)).isEqualTo(Phase.ROLLED_BACK);
    }

    @Test
    void a_try_that_failed_is_cancelled_too() throws Exception {
        account.refusesTry = true;
        assertThatThrownBy(() -> freeze.freeze(null, "ann", 30)).hasMessageContaining("account is closed");

        transaction.rollback();

        assertThat(account.calls).extracting(Call::method).containsExactly("release");
    }

    @Test
    void a_confirm_that_does_not_hold_is_asked_until_it_does() throws Exception {
        account.holds = time -> {
            if (time == 2) {
                throw new IllegalStateException("the line broke");
            }
            return time == 4;
        };
        freeze.freeze(null, "ann", 30);
        String xid = transaction.getXid();

        transaction.commit();

        assertThat(transaction.getLocalStatus()).isEqualTo(GlobalStatus.CommitRetrying);
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.COMMITTED));
        assertThat(account.calls).hasSize(4).allMatch(call -> call.method().equals("settle"));
    }

    private void assertPurse(int free, int frozen, int fenceStatus) throws Exception {
        assertThat(process.number("SELECT free FROM purse")).isEqualTo(free);
        assertThat(process.number("SELECT frozen FROM purse")).isEqualTo(frozen);
        assertThat(process.number("SELECT status FROM tcc_fence_log")).isEqualTo(fenceStatus);
    }

    @Test
    void its_fence_settles_once_although_the_confirm_fails_at_first() throws Exception {
        fencedAccount.failsAfterSettling = true;
        fencedFreeze.freeze(null, 30);
        assertPurse(70, 30, 1);
        String xid = transaction.getXid();

        transaction.commit();

        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.COMMITTED));
        assertPurse(70, 0, 2);
    }

    @Test
    void its_fence_releases_once() throws Exception {
        fencedFreeze.freeze(null, 30);

        transaction.rollback();

        assertThat(transaction.getLocalStatus()).isEqualTo(GlobalStatus.Rollbacked);
        assertPurse(100, 0, 3);
    }
}
