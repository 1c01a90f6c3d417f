package io.entente.tc.seata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.tc.coordinator.CoordinatorUnderTest;
import io.entente.tc.seata.SeataSide.Asked;
import io.entente.tc.transaction.Phase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.apache.seata.core.context.RootContext;
import org.apache.seata.core.exception.TransactionException;
import org.apache.seata.core.exception.TransactionExceptionCode;
import org.apache.seata.core.model.BranchStatus;
import org.apache.seata.core.model.BranchType;
import org.apache.seata.core.model.GlobalStatus;
import org.apache.seata.core.model.TransactionManager;
import org.apache.seata.core.protocol.ResultCode;
import org.apache.seata.core.protocol.transaction.GlobalLockQueryRequest;
import org.apache.seata.core.protocol.transaction.GlobalLockQueryResponse;
import org.apache.seata.core.rpc.netty.RmNettyRemotingClient;
import org.apache.seata.rm.DefaultResourceManager;
import org.apache.seata.rm.datasource.DataSourceProxy;
import org.apache.seata.rm.datasource.exec.LockConflictException;
import org.apache.seata.rm.datasource.exec.LockWaitTimeoutException;
import org.apache.seata.tm.DefaultTransactionManager;
import org.apache.seata.tm.api.GlobalTransaction;
import org.apache.seata.tm.api.GlobalTransactionContext;
import org.apache.seata.tm.api.TransactionalExecutor;
import org.apache.seata.tm.api.TransactionalTemplate;
import org.apache.seata.tm.api.transaction.TransactionInfo;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Seata's own client works with this coordinator: its TM, its RM, and its data source proxy on a real database. */
@ExtendWith(SeataProcess.Shared.class)
class SeataClientTest {
    private static final String STOCK = SeataProcess.STOCK;
    private static final String ACCOUNT = SeataProcess.ACCOUNT;
    private static final AtomicInteger ROWS = new AtomicInteger();

    private static SeataProcess process;
    private static CoordinatorUnderTest tc;
    private static SeataSide seata;
    private static DataSource proxied;

    private final TransactionManager tm = new DefaultTransactionManager();

    @BeforeAll
    static void start(SeataProcess shared) throws Exception {
        process = shared;
        tc = process.tc();
        seata = process.seata();
        process.execute(SeataProcess.ddl("undo_log"));
        // Seata's client numbers its undo rows itself; our table of the same name does without.
        process.execute("CREATE SEQUENCE undo_log_id_seq; ALTER TABLE undo_log ADD COLUMN id BIGINT");
        process.execute("CREATE TABLE account (id INT PRIMARY KEY, owner VARCHAR(20) NOT NULL, balance INT NOT NULL)");
        process.execute("INSERT INTO account VALUES (1, 'ann', 100), (2, 'bob', 100)");
        proxied = new DataSourceProxy(process.database());
    }

    @BeforeEach
    void obey() {
        seata.answering(Asked::done);
    }

    private static int number(String sql) throws SQLException {
        return process.number(sql);
    }

    /** A row that no other test locks. */
    private static String freshRow() {
        return "stock:" + ROWS.incrementAndGet();
    }

    private static long register(String xid, String resourceId, String lockKey) throws TransactionException {
        return DefaultResourceManager.get()
                .branchRegister(BranchType.AT, resourceId, null, xid, "{\"autoCommit\":false}", lockKey);
    }

    @Test
    void it_begins_registers_and_commits() throws Exception {
        String row = freshRow();
        String xid = tm.begin("seata-shop", "default_tx_group", "purchase", 60_000);
        assertThat(xid).startsWith("127.0.0.1:" + tc.port() + ":");
        assertThat(tm.getStatus(xid)).isEqualTo(GlobalStatus.Begin);
        long stock = register(xid, STOCK, row);
        long account = register(xid, ACCOUNT, row);

        assertThat(tm.commit(xid)).isEqualTo(GlobalStatus.Committed);

        assertThat(List.of(seata.nextAsked(), seata.nextAsked()))
                .allMatch(asked -> asked.commit() && asked.xid().equals(xid))
                .allMatch(asked -> asked.applicationData().equals("{\"autoCommit\":false}"))
                .extracting(Asked::branchId)
                .containsExactlyInAnyOrder(stock, account);
        await().untilAsserted(() -> assertThat(tm.getStatus(xid)).isEqualTo(GlobalStatus.Committed));
        await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.COMMITTED));
    }

    @Test
    void it_rolls_back_in_reverse_order() throws Exception {
        String xid = tm.begin("seata-shop", "default_tx_group", "purchase", 60_000);
        long first = register(xid, STOCK, freshRow());
        long second = register(xid, STOCK, freshRow());

        assertThat(tm.rollback(xid)).isEqualTo(GlobalStatus.Rollbacked);

        assertThat(seata.nextAsked().branchId()).isEqualTo(second);
        Asked last = seata.nextAsked();
        assertThat(last.branchId()).isEqualTo(first);
        assertThat(last.commit()).isFalse();
        assertThat(tm.getStatus(xid)).isEqualTo(GlobalStatus.Rollbacked);
        assertThat(tm.rollback(xid)).isEqualTo(GlobalStatus.Rollbacked);
    }

    @Test
    void a_failing_rollback_is_retried() throws Exception {
        AtomicInteger tries = new AtomicInteger();
        seata.answering(asked -> tries.incrementAndGet() < 3
                ? BranchStatus.PhaseTwo_RollbackFailed_Retryable
                : BranchStatus.PhaseTwo_Rollbacked);
        String xid = tm.begin("seata-shop", "default_tx_group", "purchase", 60_000);
        register(xid, STOCK, freshRow());

        assertThat(tm.rollback(xid)).isEqualTo(GlobalStatus.RollbackRetrying);

        await().untilAsserted(() -> assertThat(tm.getStatus(xid)).isEqualTo(GlobalStatus.Rollbacked));
        for (int i = 0; i < 3; i++) {
            assertThat(seata.nextAsked().xid()).isEqualTo(xid);
        }
        assertThat(seata.wasAskedMore()).isFalse();
    }

    @Test
    void a_locked_row_is_a_lock_conflict_there() throws Exception {
        String row = freshRow();
        String holder = tm.begin("seata-shop", "default_tx_group", "purchase", 60_000);
        register(holder, STOCK, row);
        String other = tm.begin("seata-shop", "default_tx_group", "refund", 60_000);

        assertThatThrownBy(() -> register(other, STOCK, row))
                .isInstanceOfSatisfying(
                        TransactionException.class,
                        e -> assertThat(e.getCode()).isEqualTo(TransactionExceptionCode.LockKeyConflict))
                .hasMessageContaining(holder)
                .hasMessageContaining("purchase");
        assertThat(lockQuery(other, row).isLockable()).isFalse();
        assertThat(lockQuery(other, freshRow()).isLockable()).isTrue();
        assertThat(lockQuery(holder, row).isLockable()).isTrue();

        tm.commit(holder);
        assertThat(seata.nextAsked().xid()).isEqualTo(holder);
        assertThat(register(other, STOCK, row)).isPositive();
        tm.rollback(other);
        assertThat(seata.nextAsked().xid()).isEqualTo(other);
    }

    private static GlobalLockQueryResponse lockQuery(String xid, String lockKey) throws Exception {
        GlobalLockQueryRequest request = new GlobalLockQueryRequest();
        request.setXid(xid);
        request.setResourceId(STOCK);
        request.setLockKey(lockKey);
        return (GlobalLockQueryResponse) RmNettyRemotingClient.getInstance().sendSyncRequest(request);
    }

    @Test
    void a_reported_failure_frees_the_row_and_spares_the_branch() throws Exception {
        String row = freshRow();
        String xid = tm.begin("seata-shop", "default_tx_group", "purchase", 60_000);
        long branch = register(xid, STOCK, row);

        DefaultResourceManager.get().branchReport(BranchType.AT, xid, branch, BranchStatus.PhaseOne_Failed, null);

        assertThat(lockQuery("", row).getResultCode()).isEqualTo(ResultCode.Success);
        assertThat(lockQuery("", row).isLockable()).isTrue();
        assertThat(tm.rollback(xid)).isEqualTo(GlobalStatus.Rollbacked);
        assertThat(seata.wasAskedMore()).isFalse();
    }

    @Test
    void registering_with_a_finished_transaction_fails() throws Exception {
        String xid = tm.begin("seata-shop", "default_tx_group", "purchase", 60_000);
        tm.rollback(xid);

        assertThatThrownBy(() -> register(xid, STOCK, freshRow()))
                .isInstanceOfSatisfying(
                        TransactionException.class,
                        e -> assertThat(e.getCode()).isEqualTo(TransactionExceptionCode.GlobalTransactionNotActive));
    }

    @Test
    void work_that_took_too_long_throws_there() {
        assertThatThrownBy(() -> new TransactionalTemplate().execute(work(300, xid -> {
                    register(xid, STOCK, freshRow());
                    assertThat(seata.nextAsked().commit()).isFalse();
                    await().untilAsserted(() -> assertThat(tc.phase(xid)).isEqualTo(Phase.TIMEOUT_ROLLED_BACK));
                })))
                .isInstanceOfSatisfying(
                        TransactionalExecutor.ExecutionException.class,
                        e -> assertThat(e.getCode()).isEqualTo(TransactionalExecutor.Code.RollbackDone));
    }

    @Test
    void work_that_an_outsider_rolled_back_throws_there() {
        assertThatThrownBy(() -> new TransactionalTemplate().execute(work(60_000, xid -> {
                    register(xid, STOCK, freshRow());
                    tm.rollback(xid);
                    assertThat(seata.nextAsked().commit()).isFalse();
                })))
                .isInstanceOfSatisfying(
                        TransactionalExecutor.ExecutionException.class,
                        e -> assertThat(e.getCode()).isEqualTo(TransactionalExecutor.Code.CommitFailure));
    }

    @Test
    void work_that_succeeds_is_committed_there() throws Throwable {
        new TransactionalTemplate().execute(work(60_000, xid -> register(xid, STOCK, freshRow())));

        assertThat(seata.nextAsked().commit()).isTrue();
    }

    private interface Work {
        void with(String xid) throws Exception;
    }

    private static TransactionalExecutor work(int timeoutMillis, Work work) {
        TransactionInfo info = new TransactionInfo();
        info.setName("purchase");
        info.setTimeOut(timeoutMillis);
        return new TransactionalExecutor() {
            @Override
            public Object execute() throws Throwable {
                work.with(RootContext.getXID());
                return "done";
            }

            @Override
            public TransactionInfo getTransactionInfo() {
                return info;
            }
        };
    }

    @Test
    void its_data_source_commits_an_update() throws Exception {
        GlobalTransaction transaction = GlobalTransactionContext.createNew();
        transaction.begin(60_000, "pay");
        update("UPDATE account SET balance = balance - 30 WHERE id = 1");
        assertThat(number("SELECT count(*) FROM undo_log")).isEqualTo(1);
        assertThat(tc.locks()).isEqualTo(1);

        transaction.commit();

        assertThat(transaction.getLocalStatus()).isEqualTo(GlobalStatus.Committed);
        assertThat(number("SELECT balance FROM account WHERE id = 1")).isEqualTo(70);
        await().untilAsserted(() ->
                assertThat(number("SELECT count(*) FROM undo_log")).isZero());
        assertThat(tc.locks()).isZero();
    }

    @Test
    void its_data_source_rolls_an_update_back() throws Exception {
        GlobalTransaction transaction = GlobalTransactionContext.createNew();
        transaction.begin(60_000, "pay");
        update("UPDATE account SET balance = balance - 30 WHERE id = 2");
        update("INSERT INTO account VALUES (3, 'cid', 5)");
        update("UPDATE account SET balance = balance - 20 WHERE id = 2");
        assertThat(number("SELECT balance FROM account WHERE id = 2")).isEqualTo(50);

        transaction.rollback();

        assertThat(transaction.getLocalStatus()).isEqualTo(GlobalStatus.Rollbacked);
        assertThat(number("SELECT balance FROM account WHERE id = 2")).isEqualTo(100);
        assertThat(number("SELECT count(*) FROM account WHERE id = 3")).isZero();
        assertThat(number("SELECT count(*) FROM undo_log")).isZero();
        assertThat(tc.locks()).isZero();
    }

    @Test
    void its_data_source_waits_for_a_row_and_gives_up() throws Exception {
        GlobalTransaction holder = GlobalTransactionContext.createNew();
        holder.begin(60_000, "pay");
        update("UPDATE account SET owner = 'eve' WHERE id = 2");
        RootContext.unbind();
        GlobalTransaction other = GlobalTransactionContext.createNew();
        other.begin(60_000, "pay again");

        assertThatThrownBy(() -> update("UPDATE account SET owner = 'mallory' WHERE id = 2"))
                .isInstanceOf(LockWaitTimeoutException.class)
                .hasRootCauseInstanceOf(LockConflictException.class);

        other.rollback();
        RootContext.bind(holder.getXid());
        holder.rollback();
        assertThat(number("SELECT count(*) FROM account WHERE owner = 'bob'")).isEqualTo(1);
    }

    private static void update(String sql) throws SQLException {
        try (Connection connection = proxied.getConnection();
                Statement statement = connection.createStatement()) {
            assertThat(statement.executeUpdate(sql)).isEqualTo(1);
        }
    }
}
