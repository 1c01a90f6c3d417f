package io.entente.tc.server;

import io.entente.protocol.AttentionReason;
import io.entente.protocol.BranchType;
import io.entente.protocol.GlobalStatus;
import io.entente.protocol.Resolution;
import io.entente.tc.CoordinatorGroup;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.Coordinator;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.lock.RowKey;
import io.entente.tc.lock.RowLock;
import io.entente.tc.session.Session;
import io.entente.tc.transaction.Branch;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.GlobalTransaction;
import io.entente.tc.transaction.OperatorAction;
import io.entente.tc.transaction.Phase;
import io.entente.tc.transaction.Resolutions;
import io.entente.tc.transaction.TransactionState;
import io.entente.tc.transaction.Transactions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Shows operators what the coordinator holds. */
@RestController
@RequestMapping("/api")
class TransactionApi {
    private static final Logger log = LoggerFactory.getLogger(TransactionApi.class);
    private static final int MOST = 1_000;

    private final TransactionCoordinator coordinator;

    TransactionApi(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    /** @param ageMillis time since begin */
    record TransactionSummary(
            String xid,
            String name,
            String applicationId,
            Phase phase,
            GlobalStatus status,
            Instant begunAt,
            long ageMillis,
            int timeoutMillis,
            int branches,
            int locks) {}

    /**
     * @param attention what an operator has to look at; empty while nobody has to
     * @param resolutions what operators have chosen so far, in order
     */
    record TransactionDetail(
            TransactionSummary transaction,
            List<Attention> attention,
            List<ResolutionDetail> resolutions,
            List<BranchDetail> branches) {}

    /**
     * @param code why, for machines
     * @param reason why, for people
     * @param conflict the rows in the way, see {@link io.entente.protocol.ConflictText}; null when the resource manager
     *     has shown none
     * @param possible what the branch can be resolved with
     */
    record Attention(
            String branchId,
            AttentionReason code,
            String reason,
            Instant since,
            @Nullable ApplicationData conflict,
            Set<Resolution> possible) {}

    /**
     * @param by who chose, as far as that was told
     * @param open true until the branch is undone, or stuck again
     * @param outcomeAt null while there is no outcome, or when its time is not known
     * @param note about the outcome
     */
    record ResolutionDetail(
            String branchId,
            Resolution resolution,
            String by,
            Instant at,
            boolean open,
            OperatorAction.Outcome outcome,
            @Nullable Instant outcomeAt,
            String note) {}

    /**
     * What operators had done about a transaction that may have ended.
     *
     * @param xid as it was asked for
     * @param phase where it stands, or how it ended
     */
    record Actions(String xid, Phase phase, List<ResolutionDetail> resolutions) {}

    /**
     * @param branchId a text, because the numbers of some languages have no room for it
     * @param locks rows that are locked for it; at most 1000
     * @param releasedLocks rows that were, until an operator let go of them; at most 1000
     * @param applicationData what the resource manager wants to be told again; for a step of a saga its input, tries, last
     *     error and result; the arguments of a TCC try
     */
    record BranchDetail(
            String branchId,
            BranchType type,
            String resourceId,
            String clientId,
            Instant registeredAt,
            List<String> locks,
            List<String> releasedLocks,
            ApplicationData applicationData,
            int failures,
            @Nullable String lastFailure) {}

    /**
     * @param key the row's key as its resource manager wrote it
     * @param mode in which several have the row, each listed by itself; null when one has it alone
     * @param waiting how many wait for the row
     */
    record LockDetail(
            String resourceId,
            String table,
            String key,
            String xid,
            String name,
            String applicationId,
            @Nullable String mode,
            int waiting) {}

    record ClientDetail(Session.Role role, String clientId, String group, List<String> resourceIds) {}

    /** @param total how many there are; {@code items} holds no more than were asked for */
    record Page<T>(long total, List<T> items) {}

    @GetMapping("/transactions")
    Page<TransactionSummary> transactions(
            @RequestParam(required = false) @Nullable Phase phase,
            @RequestParam(required = false) @Nullable String group,
            @RequestParam(defaultValue = "100") int limit) {
        checkLimit(limit);
        return pages(group, limit, view -> {
            List<GlobalTransaction> all = new ArrayList<>(view.state().transactions());
            if (phase != null) {
                all.removeIf(transaction -> transaction.phase() != phase);
            }
            all.sort(Comparator.comparingLong(GlobalTransaction::id));
            return new Page<>(
                    all.size(),
                    all.stream().limit(limit).map(t -> summary(t, view.now())).toList());
        });
    }

    @GetMapping("/transactions/{xid}")
    TransactionDetail transaction(@PathVariable String xid) {
        return ask(xid, view -> {
            GlobalTransaction transaction = Transactions.named(view.state(), xid);
            if (transaction == null) {
                Phase outcome = view.state().outcome(Transactions.idOf(xid));
                throw new ResponseStatusException(
                        HttpStatus.NOT_FOUND,
                        xid + (outcome == null ? " is not known here" : " has ended: " + outcome));
            }
            return new TransactionDetail(
                    summary(transaction, view.now()),
                    transaction.branches().stream()
                            .flatMap(branch -> attention(view.state(), transaction, branch))
                            .toList(),
                    transaction.actions().stream().map(TransactionApi::detail).toList(),
                    transaction.branches().stream()
                            .map(b -> detail(transaction, b, view))
                            .toList());
        });
    }

    /** What operators had done about a transaction: also of one that has ended, as long as that is remembered. */
    @GetMapping("/transactions/{xid}/actions")
    Actions actions(@PathVariable String xid) {
        return ask(xid, view -> {
            GlobalTransaction transaction = Transactions.named(view.state(), xid);
            long id = Transactions.idOf(xid);
            Phase phase = transaction == null ? view.state().outcome(id) : transaction.phase();
            if (phase == null) {
                throw new ResponseStatusException(HttpStatus.NOT_FOUND, xid + " is not known here");
            }
            List<OperatorAction> actions =
                    transaction == null ? view.state().actionsOfEnded(id) : transaction.actions();
            return new Actions(
                    xid, phase, actions.stream().map(TransactionApi::detail).toList());
        });
    }

    /**
     * Lets phase two go on for a transaction that needs attention, once its cause is mended. The answer is what operators
     * have had done, because the transaction may have ended by the time it is written.
     */
    @PostMapping("/transactions/{xid}/retry")
    Actions retry(@PathVariable String xid, @RequestParam(defaultValue = "") String by) {
        ResolutionApi.checkBy(by);
        TransactionDetail before = transaction(xid);
        if (!before.transaction().phase().needsAttention()) {
            throw new ResponseStatusException(
                    HttpStatus.CONFLICT,
                    xid + " is " + before.transaction().phase()
                            + "; only a transaction that needs attention can be retried");
        }
        var refusal = answerOf(RequestedGroups.of(coordinator, xid)
                .coordinator()
                .resolve(new Command.Resolve(xid, null, Resolution.RETRY, by)));
        if (refusal.isPresent()) {
            throw new ResponseStatusException(HttpStatus.CONFLICT, refusal.get().reason());
        }
        log.info("Retry accepted. xid={}", before.transaction().xid());
        return actions(xid);
    }

    @GetMapping("/locks")
    Page<LockDetail> locks(
            @RequestParam(required = false) @Nullable String resource,
            @RequestParam(required = false) @Nullable String table,
            @RequestParam(required = false) @Nullable String xid,
            @RequestParam(required = false) @Nullable String group,
            @RequestParam(defaultValue = "100") int limit) {
        checkLimit(limit);
        return pages(group, limit, view -> {
            List<LockDetail> found = new ArrayList<>();
            long[] total = {0};
            view.state().locks().forEach((row, lock) -> {
                boolean wanted = (resource == null || row.resource().equals(resource))
                        && (table == null || row.table().equals(table));
                for (long id : wanted ? lock.holders() : List.<Long>of()) {
                    GlobalTransaction holder = view.state().transaction(id);
                    if (holder != null && (xid == null || holder.xid().equals(xid))) {
                        total[0]++;
                        if (found.size() < limit) {
                            found.add(detail(
                                    row, lock, holder, view.state().queues().waitingFor(row)));
                        }
                    }
                }
            });
            return new Page<>(total[0], found);
        });
    }

    @GetMapping("/clients")
    List<ClientDetail> clients() {
        return coordinator.groups().stream()
                .flatMap(group -> group.sessions().all().stream())
                .map(session -> new ClientDetail(
                        session.role(),
                        session.clientId(),
                        session.group(),
                        session.resourceIds().stream().sorted().toList()))
                .sorted(Comparator.comparing(ClientDetail::clientId))
                .toList();
    }

    private static Stream<Attention> attention(TransactionState state, GlobalTransaction transaction, Branch branch) {
        String conflict = transaction.conflict(branch.id());
        return transaction.stuck().stream()
                .filter(stuck -> stuck.branchId() == branch.id())
                .map(stuck -> new Attention(
                        String.valueOf(branch.id()),
                        stuck.why(),
                        stuck.reason(),
                        Instant.ofEpochMilli(stuck.at()),
                        conflict == null ? null : new ApplicationData(conflict),
                        Resolutions.possible(state, transaction, branch)));
    }

    private static ResolutionDetail detail(OperatorAction action) {
        return new ResolutionDetail(
                String.valueOf(action.branchId()),
                action.resolution(),
                action.by(),
                Instant.ofEpochMilli(action.at()),
                action.isOpen(),
                action.outcome(),
                action.outcomeAt() == 0 ? null : Instant.ofEpochMilli(action.outcomeAt()),
                action.note());
    }

    private static LockDetail detail(RowKey row, RowLock lock, GlobalTransaction holder, int waiting) {
        return new LockDetail(
                row.resource(),
                row.table(),
                row.key(),
                holder.xid(),
                holder.name(),
                holder.applicationId(),
                lock.mode().isEmpty() ? null : lock.mode(),
                waiting);
    }

    private static TransactionSummary summary(GlobalTransaction transaction, long now) {
        return new TransactionSummary(
                transaction.xid(),
                transaction.name(),
                transaction.applicationId(),
                transaction.phase(),
                transaction.status(),
                Instant.ofEpochMilli(transaction.begunAt()),
                now - transaction.begunAt(),
                transaction.timeoutMillis(),
                transaction.branches().size(),
                transaction.branches().stream().mapToInt(b -> b.rows().size()).sum());
    }

    private static List<String> names(List<RowClaim> rows) {
        return rows.stream()
                .limit(MOST)
                .map(claim -> claim.row().table() + ":" + claim.row().key())
                .toList();
    }

    private static BranchDetail detail(GlobalTransaction transaction, Branch branch, Coordinator.View view) {
        return new BranchDetail(
                String.valueOf(branch.id()),
                branch.type(),
                branch.resourceId(),
                branch.clientId(),
                Instant.ofEpochMilli(branch.registeredAt()),
                names(branch.rows()),
                names(transaction.releasedRows(branch.id())),
                new ApplicationData(branch.applicationData()),
                view.failures(branch.id()),
                view.lastFailure(branch.id()));
    }

    private static void checkLimit(int limit) {
        if (limit < 1 || limit > MOST) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "limit is " + limit + "; expected 1 to " + MOST);
        }
    }

    /** Of the group that knows the transaction. */
    private <T> T ask(String xid, Function<Coordinator.View, T> question) {
        return answerOf(RequestedGroups.of(coordinator, xid).coordinator().ask(question));
    }

    /**
     * Of all groups that are led here, one behind the other.
     *
     * @param group null for all
     */
    private <T> Page<T> pages(@Nullable String group, int limit, Function<Coordinator.View, Page<T>> question) {
        long total = 0;
        List<T> items = new ArrayList<>();
        for (CoordinatorGroup each : RequestedGroups.led(coordinator, group)) {
            Page<T> page = answerOf(each.coordinator().ask(question));
            total += page.total();
            page.items().stream().limit(limit - items.size()).forEach(items::add);
        }
        return new Page<>(total, items);
    }

    /** What the coordinator's thread answers. */
    static <T> T answerOf(CompletableFuture<T> answer) {
        try {
            return answer.get(5, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ResponseStatusException refusal) {
                throw refusal;
            }
            throw new IllegalStateException("the question could not be answered", e.getCause());
        } catch (TimeoutException e) {
            throw new ResponseStatusException(
                    HttpStatus.SERVICE_UNAVAILABLE, "the coordinator did not answer within 5 s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "interrupted", e);
        }
    }
}
