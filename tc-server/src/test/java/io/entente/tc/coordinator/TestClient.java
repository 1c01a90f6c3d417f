package io.entente.tc.coordinator;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.EntenteExtension;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Message;
import io.entente.protocol.Message.BranchRegisterResponse;
import io.entente.protocol.Message.Result;
import io.entente.protocol.transport.ClientTransport;
import io.entente.protocol.transport.CoordinatorChannel;
import io.entente.protocol.transport.ServerAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An application as the coordinator sees it: a TM and an RM, each on a connection of its own. Writes down what it is asked
 * in phase two and answers as it was told.
 */
public final class TestClient implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String GROUP = "test_group";

    private final ClientTransport transport;
    private final CoordinatorChannel tm;
    private final CoordinatorChannel rm;
    private final List<Asked> history = new CopyOnWriteArrayList<>();
    private final BlockingQueue<Asked> news = new LinkedBlockingQueue<>();
    private final String extraData;
    private volatile Function<Asked, @Nullable BranchStatus> script;

    /** What the coordinator wanted in phase two. */
    public record Asked(
            boolean commit,
            String xid,
            long branchId,
            BranchType type,
            String resourceId,
            String applicationData,
            CoordinatorChannel.Answer channel) {

        /** The answer of a resource manager that did what it was asked. */
        public BranchStatus done() {
            return commit ? BranchStatus.PHASE_TWO_COMMITTED : BranchStatus.PHASE_TWO_ROLLED_BACK;
        }

        public void answer(BranchStatus status) {
            answer(Result.OK, status);
        }

        /** Answers with a reason, which travels only with a failure. */
        public void answer(Result result, BranchStatus status) {
            channel.send(
                    commit
                            ? new Message.BranchCommitResponse(result, xid, branchId, status)
                            : new Message.BranchRollbackResponse(result, xid, branchId, status));
        }
    }

    private TestClient(
            List<ServerAddress> servers,
            String group,
            String applicationId,
            List<String> resourceIds,
            String extraData,
            Function<Asked, @Nullable BranchStatus> script) {
        this.script = script;
        this.extraData = extraData;
        this.transport = new ClientTransport(servers, Duration.ofSeconds(10));
        this.tm = transport.open(new CoordinatorChannel.Role() {
            @Override
            public Message.Request registration() {
                return new Message.RegisterTmRequest("2.6.0", applicationId, group, extraData);
            }

            @Override
            public void received(Message message, CoordinatorChannel.Answer answer) {
                throw new AssertionError("a TM was asked " + message);
            }
        });
        this.rm = transport.open(new CoordinatorChannel.Role() {
            @Override
            public Message.Request registration() {
                return new Message.RegisterRmRequest("2.6.0", applicationId, group, extraData, resourceIds);
            }

            @Override
            public void received(Message message, CoordinatorChannel.Answer answer) {
                asked(message, answer);
            }
        });
    }

    private static List<ServerAddress> local(int port) {
        return List.of(new ServerAddress("127.0.0.1", port));
    }

    /** A client of ours that knows several coordinators, and does at once what it is asked in phase two. */
    public static TestClient connectToCluster(
            List<ServerAddress> servers, String applicationId, String... resourceIds) {
        TestClient client = new TestClient(
                servers, GROUP, applicationId, List.of(resourceIds), EntenteExtension.ANNOUNCEMENT, Asked::done);
        client.awaitConnected();
        return client;
    }

    /** As {@link #connectToCluster}, with a transaction service group of its own. */
    public static TestClient connectToGroup(
            List<ServerAddress> servers, String group, String applicationId, String... resourceIds) {
        TestClient client = new TestClient(
                servers, group, applicationId, List.of(resourceIds), EntenteExtension.ANNOUNCEMENT, Asked::done);
        client.awaitConnected();
        return client;
    }

    /** A client of {@code applicationId} that can commit and roll back {@code resourceIds}. */
    public static TestClient connect(int port, String applicationId, String... resourceIds) {
        TestClient client = new TestClient(local(port), GROUP, applicationId, List.of(resourceIds), "", Asked::done);
        client.awaitConnected();
        return client;
    }

    /** As {@link #connect}, but says nothing by itself, not even right after connecting. */
    public static TestClient connectSilent(int port, String applicationId, String... resourceIds) {
        TestClient client = new TestClient(local(port), GROUP, applicationId, List.of(resourceIds), "", asked -> null);
        client.awaitConnected();
        return client;
    }

    /** As {@link #connectSilent}, and announces our extension of the protocol. */
    public static TestClient connectExtended(int port, String applicationId, String... resourceIds) {
        TestClient client = new TestClient(
                local(port), GROUP, applicationId, List.of(resourceIds), EntenteExtension.ANNOUNCEMENT, asked -> null);
        client.awaitConnected();
        return client;
    }

    /** Whether both connections are to a coordinator that knows our extension. */
    public boolean understandsEntente() {
        return tm.understandsEntente() && rm.understandsEntente();
    }

    /** Says that it still works at these. */
    public void tellAtWork(Asked... atWork) {
        rm.tell(new Message.BranchesAtWork(Arrays.stream(atWork)
                .map(asked -> new Message.BranchAtWork(asked.xid(), asked.branchId()))
                .toList()));
    }

    public Message.TransactionQueryResponse query(String xid) {
        return tm.call(new Message.TransactionQuery(xid), Message.TransactionQueryResponse.class, PATIENCE);
    }

    public void awaitConnected() {
        tm.awaitConnected(PATIENCE);
        rm.awaitConnected(PATIENCE);
    }

    /** From now on answers with what {@code newScript} returns; null stays silent. */
    public TestClient answering(Function<Asked, @Nullable BranchStatus> newScript) {
        script = newScript;
        return this;
    }

    /** From now on says nothing by itself. */
    public TestClient silent() {
        return answering(asked -> null);
    }

    private void asked(Message message, CoordinatorChannel.Answer channel) {
        Asked asked;
        if (message instanceof Message.BranchCommitRequest m) {
            asked = new Asked(
                    true, m.xid(), m.branchId(), m.branchType(), m.resourceId(), m.applicationData(), channel);
        } else if (message instanceof Message.BranchRollbackRequest m) {
            asked = new Asked(
                    false, m.xid(), m.branchId(), m.branchType(), m.resourceId(), m.applicationData(), channel);
        } else {
            throw new AssertionError("an RM was asked " + message);
        }
        history.add(asked);
        BranchStatus answer = script.apply(asked);
        news.add(asked);
        if (answer != null) {
            asked.answer(answer);
        }
    }

    /** Everything asked so far. */
    public List<Asked> history() {
        return history;
    }

    /** The next thing asked, for which this waits. */
    public Asked nextAsked() {
        try {
            Asked next = news.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (next == null) {
                throw new AssertionError("nothing was asked within " + PATIENCE + "; before: " + history);
            }
            return next;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }

    public String begin() {
        return begin("purchase", 60_000);
    }

    public String begin(String name, int timeoutMillis) {
        var answer = tm.call(
                new Message.GlobalBeginRequest(timeoutMillis, name), Message.GlobalBeginResponse.class, PATIENCE);
        if (!answer.result().success()) {
            throw new AssertionError(answer);
        }
        return answer.xid();
    }

    public BranchRegisterResponse register(
            String xid, BranchType type, String resourceId, String lockKey, String applicationData) {
        return rm.call(
                new Message.BranchRegisterRequest(xid, type, resourceId, lockKey, applicationData),
                BranchRegisterResponse.class,
                PATIENCE);
    }

    /** Registers an AT branch and returns at once. */
    public CompletableFuture<Message.Response> registerLater(
            String xid, String resourceId, String lockKey, String applicationData) {
        return rm.request(
                new Message.BranchRegisterRequest(xid, BranchType.AT, resourceId, lockKey, applicationData), PATIENCE);
    }

    /** Registers an AT branch, which has to succeed, and returns its id. */
    public long branch(String xid, String resourceId, String lockKey) {
        return branch(xid, BranchType.AT, resourceId, lockKey);
    }

    public long branch(String xid, BranchType type, String resourceId, String lockKey) {
        BranchRegisterResponse answer = register(xid, type, resourceId, lockKey, "");
        if (!answer.result().success()) {
            throw new AssertionError(answer);
        }
        return answer.branchId();
    }

    public Message.BranchReportResponse report(String xid, long branchId, BranchStatus status) {
        return report(xid, branchId, status, "");
    }

    public Message.BranchReportResponse report(String xid, long branchId, BranchStatus status, String applicationData) {
        return rm.call(
                new Message.BranchReportRequest(xid, branchId, status, "", applicationData, BranchType.AT),
                Message.BranchReportResponse.class,
                PATIENCE);
    }

    public Message.GlobalLockQueryResponse queryLock(String xid, String resourceId, String lockKey) {
        return rm.call(
                new Message.GlobalLockQueryRequest(xid, BranchType.AT, resourceId, lockKey, ""),
                Message.GlobalLockQueryResponse.class,
                PATIENCE);
    }

    public Message.GlobalCommitResponse commit(String xid) {
        return tm.call(new Message.GlobalCommitRequest(xid, ""), Message.GlobalCommitResponse.class, PATIENCE);
    }

    /** Asks for the commit and returns at once. */
    public CompletableFuture<GlobalStatus> commitLater(String xid) {
        return tm.request(new Message.GlobalCommitRequest(xid, ""), PATIENCE)
                .thenApply(answer -> ((Message.GlobalCommitResponse) answer).status());
    }

    public GlobalStatus rollback(String xid) {
        return tm.call(new Message.GlobalRollbackRequest(xid, ""), Message.GlobalRollbackResponse.class, PATIENCE)
                .status();
    }

    /** Asks for the rollback and returns at once. */
    public CompletableFuture<GlobalStatus> rollbackLater(String xid) {
        return tm.request(new Message.GlobalRollbackRequest(xid, ""), PATIENCE)
                .thenApply(answer -> ((Message.GlobalRollbackResponse) answer).status());
    }

    /** Asks for the rollback and does not care for the answer. */
    public void startRollback(String xid) {
        var unused = rollbackLater(xid);
    }

    /** Asks for the status and returns at once. */
    public CompletableFuture<GlobalStatus> statusLater(String xid) {
        return tm.request(new Message.GlobalStatusRequest(xid, ""), PATIENCE)
                .thenApply(answer -> ((Message.GlobalStatusResponse) answer).status());
    }

    public GlobalStatus status(String xid) {
        return tm.call(new Message.GlobalStatusRequest(xid, ""), Message.GlobalStatusResponse.class, PATIENCE)
                .status();
    }

    /** Breaks both connections for good. */
    @Override
    public void close() {
        transport.close();
    }
}
