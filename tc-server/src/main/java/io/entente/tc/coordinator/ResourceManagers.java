package io.entente.tc.coordinator;

import io.entente.protocol.Message;
import io.entente.tc.transaction.Branch;
import org.jspecify.annotations.Nullable;

/** The way to the resource managers that are connected. */
public interface ResourceManagers {

    /**
     * One that can serve {@code branch} now, null when there is none.
     *
     * @param failures how often the branch was tried in vain; each failure leads to the next one that can
     * @param entente only one of ours will do, because it is told what Seata's do not understand
     */
    @Nullable
    Line find(Branch branch, int failures, boolean entente);

    /** A connection to a resource manager. */
    interface Line {
        /** Unique among all connections of this process. */
        long connectionId();

        /** Sends; the answer comes back as a command, whenever and over whatever connection. */
        void send(Message request);
    }
}
