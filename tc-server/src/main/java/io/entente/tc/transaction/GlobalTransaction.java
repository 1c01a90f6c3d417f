package io.entente.tc.transaction;

import io.entente.protocol.GlobalStatus;
import io.entente.tc.lock.RowClaim;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A global transaction that has not ended. Changed by {@link TransactionState#apply} alone. */
public final class GlobalTransaction {
    /** With the tables that it stands in. */
    private static final int OWN_WEIGHT = 500;

    private final Fact.TransactionBegun begun;
    private final List<Branch> branches = new ArrayList<>(2);
    private long weightOfBranches;
    /** Branches by the request that registered them; null while no client has said. */
    private @Nullable Map<Long, Long> registrations;

    private Phase phase = Phase.ACTIVE;
    private long phaseSince;
    private final Attention attention = new Attention();

    GlobalTransaction(Fact.TransactionBegun begun) {
        this.begun = begun;
        this.phaseSince = begun.at();
    }

    public long id() {
        return begun.id();
    }

    public String xid() {
        return begun.xid();
    }

    public String name() {
        return begun.name();
    }

    public String applicationId() {
        return begun.applicationId();
    }

    public String group() {
        return begun.group();
    }

    public int timeoutMillis() {
        return begun.timeoutMillis();
    }

    /** Epoch millis. */
    public long begunAt() {
        return begun.at();
    }

    /** Epoch millis from which on the transaction can only be rolled back, unless it is decided before. */
    public long deadline() {
        return begun.at() + begun.timeoutMillis();
    }

    public Phase phase() {
        return phase;
    }

    /** Epoch millis of the last change of {@link #phase}. */
    public long phaseSince() {
        return phaseSince;
    }

    /** The branches that are not finished, in the order of their registration. */
    public List<Branch> branches() {
        return Collections.unmodifiableList(branches);
    }

    public @Nullable Branch branch(long branchId) {
        for (Branch branch : branches) {
            if (branch.id() == branchId) {
                return branch;
            }
        }
        return null;
    }

    /** The branches that cannot go on by themselves, and why; empty while no operator has to look. */
    public Collection<Fact.BranchStuck> stuck() {
        return attention.stuck();
    }

    /** Whether nothing can be done for this branch before an operator has looked. */
    public boolean isStuck(long branchId) {
        return attention.stuck(branchId) != null;
    }

    /** Why this branch cannot go on by itself; null when it can. */
    public Fact.@Nullable BranchStuck stuck(long branchId) {
        return attention.stuck(branchId);
    }

    /** Whether this receiver of notices has confirmed that it was told that the branch is stuck. */
    public boolean isConfirmed(long branchId, String receiver) {
        return attention.isConfirmed(branchId, receiver);
    }

    /** The rows that this branch had locked before an operator let go of them; empty when that did not happen. */
    public List<RowClaim> releasedRows(long branchId) {
        return attention.released(branchId);
    }

    /** The rows in the way of a stuck branch, as its resource manager reported them; null when it reported none. */
    public @Nullable String conflict(long branchId) {
        return attention.conflict(branchId);
    }

    /** What was chosen for this branch and is not answered yet; null when nothing is. */
    public @Nullable OperatorAction openAction(long branchId) {
        return attention.openAction(branchId);
    }

    /** What operators have had done about its branches, in order; of many the latest. */
    public List<OperatorAction> actions() {
        return attention.actions();
    }

    /** The state in the words of the wire protocol. */
    public GlobalStatus status() {
        return phase == Phase.COMMITTING && isCommitCertain() ? GlobalStatus.ASYNC_COMMITTING : phase.status();
    }

    /** True when no branch can refuse to commit, so that the decision is as good as its execution. */
    boolean isCommitCertain() {
        for (Branch branch : branches) {
            if (branch.canRefuseToCommit()) {
                return false;
            }
        }
        return true;
    }

    /** The first step of a saga with this name that is not finished; a name is used once in a saga. */
    @Nullable
    Branch journalOf(String resourceId) {
        for (Branch branch : branches) {
            if (branch.isJournal() && branch.resourceId().equals(resourceId)) {
                return branch;
            }
        }
        return null;
    }

    /** The branch that this request has registered, null when it has registered none. */
    @Nullable
    Long registeredBy(long registration) {
        return registrations == null ? null : registrations.get(registration);
    }

    Map<Long, Long> registrations() {
        return registrations == null ? Map.of() : registrations;
    }

    void know(Fact.RegistrationKnown fact) {
        if (registrations == null) {
            registrations = new LinkedHashMap<>(4);
        }
        registrations.put(fact.registration(), fact.branchId());
    }

    Fact.TransactionBegun begun() {
        return begun;
    }

    /** Roughly what it takes of the heap. */
    long weight() {
        return OWN_WEIGHT + begun.xid().length() + weightOfBranches + attention.weight();
    }

    void add(Branch branch) {
        branches.add(branch);
        weightOfBranches += branch.weight();
    }

    void replace(Branch branch) {
        branches.replaceAll(present -> {
            if (present.id() != branch.id()) {
                return present;
            }
            weightOfBranches += branch.weight() - present.weight();
            return branch;
        });
    }

    void remove(Branch branch) {
        branches.remove(branch);
        weightOfBranches -= branch.weight();
        attention.finished(branch.id());
    }

    void enter(Phase next, long at) {
        phase = next;
        // Whoever asks again from here on is refused, or is a saga, whose steps have names.
        registrations = null;
        phaseSince = at;
        if (!next.needsAttention()) {
            attention.allGoOn();
        }
    }

    Attention attention() {
        return attention;
    }
}
