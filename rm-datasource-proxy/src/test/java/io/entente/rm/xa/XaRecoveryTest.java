package io.entente.rm.xa;

import static io.entente.rm.xa.XaDatabase.run;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.rm.branch.ResourceId;
import io.entente.testkit.database.TestDatabase;
import io.entente.tm.ClientSettings;
import io.entente.tm.EntenteClient;
import io.entente.tm.TransactionContext;
import io.entente.tm.branch.BranchException;
import io.entente.tm.branch.BranchRegistration;
import io.entente.tm.branch.PhaseTwoAnswer;
import io.entente.tm.branch.PhaseTwoBranch;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import javax.sql.XAConnection;
import javax.transaction.xa.XAException;
import javax.transaction.xa.XAResource;
import javax.transaction.xa.Xid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Phase two when somebody died, came late or came twice. */
@ParameterizedClass
@EnumSource(TestDatabase.Kind.class)
class XaRecoveryTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final TestDatabase.Kind kind;
    private final List<XAConnection> sessions = new ArrayList<>();
    private XaTestBench bench;
    private XaTestBench.Process shop;
    private XaDatabase stock;
    private EntenteXaDataSource stockXa;

    XaRecoveryTest(TestDatabase.Kind kind) {
        this.kind = kind;
    }

    @BeforeEach
    void start() throws SQLException {
        bench = new XaTestBench();
        shop = bench.process("shop");
        stock = new XaDatabase(kind);
        stock.run("INSERT INTO item VALUES (3, 30)");
        stockXa = stock.enlist(shop.resources());
        shop.awaitConnected();
    }

    @AfterEach
    void stop() throws SQLException {
        shop.close();
        stock.close();
        for (XAConnection session : sessions) {
            session.close();
        }
        bench.close();
    }

    private void awaitEnd() {
        await().atMost(PATIENCE).pollInterval(50, TimeUnit.MILLISECONDS).until(() -> {
            bench.coordinator.advanceTime(Duration.ofSeconds(1));
            return bench.transactions() == 0;
        });
    }

    private static void endWork() {
        TransactionContext.capture().endWork();
    }

    /** The XID of a transaction that the coordinator has rolled back. */
    private String rolledBack() {
        AtomicReference<String> xid = new AtomicReference<>();
        assertThatThrownBy(() -> shop.client().transactions().execute("failed", () -> {
                    xid.set(String.valueOf(TransactionContext.xid()));
                    throw new IllegalStateException("no");
                }))
                .hasMessage("no");
        return xid.get();
    }

    /** As a process does that dies then. H2 would roll back with its session, so that this stays. */
    private void prepare(Xid xid, int row) throws SQLException, XAException {
        XAConnection session = stock.xaDataSource.getXAConnection();
        session.getXAResource().start(xid, XAResource.TMNOFLAGS);
        run(session.getConnection(), "UPDATE item SET n = 99 WHERE id = " + row);
        session.getXAResource().end(xid, XAResource.TMSUCCESS);
        session.getXAResource().prepare(xid);
        if (kind == TestDatabase.Kind.H2) {
            sessions.add(session);
        } else {
            session.close();
        }
    }

    private Set<String> prepared() throws SQLException, XAException {
        XAConnection session = stock.xaDataSource.getXAConnection();
        try {
            return Arrays.stream(session.getXAResource().recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN))
                    .map(XaRecoveryTest::text)
                    .collect(Collectors.toSet());
        } finally {
            session.close();
        }
    }

    private static String text(Xid xid) {
        return xid.getFormatId() + " " + new String(xid.getGlobalTransactionId(), StandardCharsets.US_ASCII) + " "
                + new String(xid.getBranchQualifier(), StandardCharsets.US_ASCII);
    }

    // ---------------------------------------------------------------- deaths

    @Test
    void a_restart_of_the_coordinator_between_prepare_and_commit_changes_nothing() throws SQLException {
        shop.client().transactions().execute("restarted", () -> {
            run(stockXa, "UPDATE item SET n = 11 WHERE id = 1");
            endWork();
            bench.coordinator.restart();
            return null;
        });
        awaitEnd();
        assertThat(stock.n(1)).isEqualTo(11);
    }

    // ---------------------------------------------------------------- the sweep

    @Test
    void what_was_prepared_after_the_rollback_is_swept_up_and_nothing_of_others() throws Exception {
        Xid stranger = new Xid() {
            @Override
            public int getFormatId() {
                return 0x1234;
            }

            @Override
            public byte[] getGlobalTransactionId() {
                return "somebody".getBytes(StandardCharsets.US_ASCII);
            }

            @Override
            public byte[] getBranchQualifier() {
                return "else".getBytes(StandardCharsets.US_ASCII);
            }
        };
        BranchXid ofAnotherCoordinator = new BranchXid("192.0.2.1:8091:77", 5);
        prepare(stranger, 1);
        prepare(ofAnotherCoordinator, 2);
        String xid = rolledBack();
        for (int zombie = 1; zombie <= 2; zombie++) {
            BranchXid orphan = new BranchXid(xid, 4_711 + zombie);
            prepare(orphan, 3);
            await().atMost(PATIENCE).until(() -> !prepared().contains(text(orphan)));
            assertThat(stock.n(3)).isEqualTo(30);
            stock.run("UPDATE item SET n = 30 WHERE id = 3");
        }
        assertThat(prepared()).contains(text(stranger), text(ofAnotherCoordinator));
        for (Xid left : List.of(stranger, ofAnotherCoordinator)) {
            XAConnection session = stock.xaDataSource.getXAConnection();
            session.getXAResource().recover(XAResource.TMSTARTRSCAN | XAResource.TMENDRSCAN);
            session.getXAResource().rollback(left);
            session.close();
        }
    }

    @Test
    void work_that_goes_on_when_another_process_answered_for_its_rollback_is_ended_too() throws Exception {
        // The coordinator has forgotten the transaction, and this process never heard of it.
        AtomicReference<String> xid = new AtomicReference<>();
        try (EntenteClient caller = EntenteClient.connect(
                ClientSettings.of(bench.coordinator.address()).withApplicationId("caller"))) {
            assertThatThrownBy(() -> caller.transactions().execute("gone", () -> {
                        xid.set(String.valueOf(TransactionContext.xid()));
                        try (var none = TransactionContext.suspend()) {
                            TransactionContext.Scope scope = TransactionContext.bind(xid.get());
                            run(stockXa, "UPDATE item SET n = 11 WHERE id = 1");
                            bench.branches().forEach(branch -> report(xid.get(), branch.id()));
                            TransactionContext.setRollbackOnly("not ended here");
                            scope.close();
                        }
                        throw new IllegalStateException("no");
                    }))
                    .hasMessage("no");
        }
        awaitEnd();
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            try (Connection connection = stock.plain.getConnection();
                    Statement statement = connection.createStatement()) {
                statement.setQueryTimeout(1);
                return statement.executeUpdate("UPDATE item SET n = 12 WHERE id = 1") == 1;
            }
        });
        assertThat(stock.n(1)).isEqualTo(12);
    }

    /** Makes the coordinator forget the branch, so that it asks nobody to roll it back. */
    private void report(String xid, long branchId) {
        try {
            shop.client()
                    .branches()
                    .report(
                            new BranchRegistration(xid, BranchType.XA, resourceId(), "", ""),
                            branchId,
                            BranchStatus.PHASE_ONE_FAILED,
                            "");
        } catch (BranchException | SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    // ---------------------------------------------------------------- twice and late

    private String resourceId() throws SQLException {
        try (Connection connection = stock.plain.getConnection()) {
            return ResourceId.of(connection.getMetaData().getURL());
        }
    }

    private String phaseTwo(String xid, long branchId, PhaseTwoBranch.Decision decision) throws Exception {
        LinkedBlockingQueue<String> answers = new LinkedBlockingQueue<>();
        XaBranches branches = shop.resources().serve(resourceId(), Prepared.FREES_CONNECTION, stock.source);
        branches.phaseTwo(
                new PhaseTwoBranch(xid, branchId, BranchType.XA, resourceId(), "", decision), new PhaseTwoAnswer() {
                    @Override
                    public void done() {
                        answers.add("done");
                    }

                    @Override
                    public void tryAgain(String reason) {
                        answers.add("try again: " + reason);
                    }

                    @Override
                    public void giveUp(AttentionReason why, String reason) {
                        answers.add("give up, " + why + ": " + reason);
                    }
                });
        return String.valueOf(answers.poll(30, TimeUnit.SECONDS));
    }

    @Test
    void calls_of_phase_two_that_come_twice_or_late_change_nothing() throws Exception {
        AtomicReference<String> xid = new AtomicReference<>();
        AtomicReference<Long> branchId = new AtomicReference<>();
        shop.client().transactions().execute("once", () -> {
            run(stockXa, "UPDATE item SET n = n + 1 WHERE id = 1");
            xid.set(String.valueOf(TransactionContext.xid()));
            branchId.set(bench.branches().get(0).id());
            return null;
        });
        awaitEnd();
        assertThat(phaseTwo(xid.get(), branchId.get(), PhaseTwoBranch.Decision.COMMIT))
                .isEqualTo("done");
        assertThat(phaseTwo(xid.get(), branchId.get(), PhaseTwoBranch.Decision.ROLLBACK))
                .isEqualTo("done");
        assertThat(stock.n(1)).isEqualTo(11);
        assertThat(phaseTwo(rolledBack(), 4_711, PhaseTwoBranch.Decision.ROLLBACK))
                .isEqualTo("done");
        assertThat(stock.n(1)).isEqualTo(11);
    }

    @Test
    void a_commit_waits_for_work_that_is_not_at_its_end() throws Exception {
        shop.client().transactions().execute("early", () -> {
            try (Connection connection = stockXa.getConnection()) {
                run(connection, "UPDATE item SET n = 11 WHERE id = 1");
                assertThat(phaseTwo(
                                String.valueOf(TransactionContext.xid()),
                                bench.branches().get(0).id(),
                                PhaseTwoBranch.Decision.COMMIT))
                        .startsWith("try again: ")
                        .contains("still works");
                run(connection, "UPDATE item SET n = 12 WHERE id = 1");
            }
            return null;
        });
        assertThat(stock.n(1)).isEqualTo(12);
    }
}
