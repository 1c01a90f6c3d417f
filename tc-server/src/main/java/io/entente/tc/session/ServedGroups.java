package io.entente.tc.session;

import io.entente.protocol.Message;
import io.entente.protocol.Message.Result;
import io.entente.protocol.TransactionError;
import io.entente.tc.transaction.Transactions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** To which group a client belongs, by its transaction service group. */
public final class ServedGroups {
    private final ServedGroup others;
    private final Map<String, ServedGroup> byService;
    private final List<ServedGroup> all;

    /**
     * @param others the group of clients whose transaction service group is not in {@code byService}
     * @param byService by transaction service group
     */
    public ServedGroups(ServedGroup others, Map<String, ServedGroup> byService) {
        this.others = others;
        this.byService = Map.copyOf(byService);
        this.all = Stream.concat(Stream.of(others), byService.values().stream())
                .distinct()
                .toList();
    }

    /** One group of all. */
    public static ServedGroups one(ServedGroup group) {
        return new ServedGroups(group, Map.of());
    }

    ServedGroup of(String transactionServiceGroup) {
        return byService.getOrDefault(transactionServiceGroup, others);
    }

    /**
     * Why {@code session} may not ask for this: it is about a transaction of another group, which neither sees its row locks
     * nor reaches its databases.
     *
     * @return null when it may
     */
    @Nullable
    Result refusal(Session session, Message message) {
        if (all.size() == 1) {
            return null;
        }
        String xid = xidOf(message);
        long id = xid == null ? -1 : Transactions.idOf(xid);
        ServedGroup own = session.served();
        if (id < 0 || own.ids().contains(id)) {
            return null;
        }
        for (ServedGroup other : all) {
            if (other.ids().contains(id)) {
                return Result.failed(
                        TransactionError.GLOBAL_TRANSACTION_NOT_EXIST,
                        "the global transaction " + xid + " belongs to the group " + other.name()
                                + ", and this client, with the transaction service group " + session.group()
                                + ", to the group "
                                + own.name() + ". Services that share global transactions have to be in one group: see"
                                + " entente.tc.groups at the coordinators");
            }
        }
        return null;
    }

    private static @Nullable String xidOf(Message message) {
        if (message instanceof Message.BranchRegisterRequest m) {
            return m.xid();
        } else if (message instanceof Message.GlobalCommitRequest m) {
            return m.xid();
        } else if (message instanceof Message.GlobalRollbackRequest m) {
            return m.xid();
        } else if (message instanceof Message.GlobalStatusRequest m) {
            return m.xid();
        } else if (message instanceof Message.GlobalReportRequest m) {
            return m.xid();
        } else if (message instanceof Message.BranchReportRequest m) {
            return m.xid();
        } else if (message instanceof Message.GlobalLockQueryRequest m) {
            return m.xid();
        } else if (message instanceof Message.ReadCheck m) {
            return m.xid();
        } else if (message instanceof Message.TransactionQuery m) {
            return m.xid();
        }
        return null;
    }
}
