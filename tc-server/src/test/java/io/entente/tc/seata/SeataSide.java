package io.entente.tc.seata;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.apache.seata.core.exception.TransactionException;
import org.apache.seata.core.model.BranchStatus;
import org.apache.seata.core.model.BranchType;
import org.apache.seata.core.model.Resource;
import org.apache.seata.core.rpc.netty.RmNettyRemotingClient;
import org.apache.seata.core.rpc.netty.TmNettyRemotingClient;
import org.apache.seata.rm.DefaultResourceManager;
import org.apache.seata.rm.RMClient;
import org.apache.seata.rm.datasource.DataSourceManager;
import org.apache.seata.tm.TMClient;

/**
 * Seata's TM and RM as an application starts them. Resources named by a test answer phase two as the test wants; databases
 * are left to Seata. There is one of it in a Java process, because Seata keeps everything in statics.
 */
final class SeataSide extends DataSourceManager {
    private static final String APPLICATION = "seata-shop";
    private static final String GROUP = "default_tx_group";

    private final Map<String, Resource> named = new ConcurrentHashMap<>();
    private final BlockingQueue<Asked> asked = new LinkedBlockingQueue<>();
    private volatile Function<Asked, BranchStatus> script = Asked::done;

    /** What the coordinator wanted in phase two. */
    record Asked(boolean commit, String xid, long branchId, String resourceId, String applicationData) {
        BranchStatus done() {
            return commit ? BranchStatus.PhaseTwo_Committed : BranchStatus.PhaseTwo_Rollbacked;
        }
    }

    private record NamedResource(String getResourceId) implements Resource {
        @Override
        public String getResourceGroupId() {
            return "DEFAULT";
        }

        @Override
        public BranchType getBranchType() {
            return BranchType.AT;
        }
    }

    /** Connects to the coordinator at {@code port}; the resources are known from the first registration on. */
    static SeataSide start(int port, List<String> resourceIds) {
        System.setProperty("service.default.grouplist", "127.0.0.1:" + port);
        SeataSide side = new SeataSide();
        for (String resourceId : resourceIds) {
            side.named.put(resourceId, new NamedResource(resourceId));
        }
        DefaultResourceManager.get();
        DefaultResourceManager.mockResourceManager(BranchType.AT, side);
        TMClient.init(APPLICATION, GROUP);
        RMClient.init(APPLICATION, GROUP);
        side.named.values().forEach(side::registerResource);
        return side;
    }

    static void stop() {
        TmNettyRemotingClient.getInstance().destroy();
        RmNettyRemotingClient.getInstance().destroy();
        System.clearProperty("service.default.grouplist");
    }

    void answering(Function<Asked, BranchStatus> newScript) {
        script = newScript;
    }

    Asked nextAsked() throws InterruptedException {
        Asked next = asked.poll(20, TimeUnit.SECONDS);
        if (next == null) {
            throw new AssertionError("nothing was asked");
        }
        return next;
    }

    boolean wasAskedMore() {
        return !asked.isEmpty();
    }

    @Override
    public void registerResource(Resource resource) {
        if (resource instanceof NamedResource) {
            RmNettyRemotingClient.getInstance()
                    .registerResource(resource.getResourceGroupId(), resource.getResourceId());
        } else {
            super.registerResource(resource);
        }
    }

    @Override
    public Map<String, Resource> getManagedResources() {
        Map<String, Resource> all = new ConcurrentHashMap<>(super.getManagedResources());
        all.putAll(named);
        return all;
    }

    @Override
    public BranchStatus branchCommit(
            BranchType type, String xid, long branchId, String resourceId, String applicationData)
            throws TransactionException {
        return named.containsKey(resourceId)
                ? answer(new Asked(true, xid, branchId, resourceId, applicationData))
                : super.branchCommit(type, xid, branchId, resourceId, applicationData);
    }

    @Override
    public BranchStatus branchRollback(
            BranchType type, String xid, long branchId, String resourceId, String applicationData)
            throws TransactionException {
        return named.containsKey(resourceId)
                ? answer(new Asked(false, xid, branchId, resourceId, applicationData))
                : super.branchRollback(type, xid, branchId, resourceId, applicationData);
    }

    private BranchStatus answer(Asked what) {
        BranchStatus status = script.apply(what);
        asked.add(what);
        return status;
    }
}
