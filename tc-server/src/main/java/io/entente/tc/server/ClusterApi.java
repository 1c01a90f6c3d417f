package io.entente.tc.server;

import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.IdSpace;
import io.entente.tc.log.Cluster;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.ClusterRefusedException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Shows the members of the cluster to operators, and changes them: of one group, where there are several. */
@RestController
@RequestMapping("/api/cluster")
class ClusterApi {
    private static final Logger log = LoggerFactory.getLogger(ClusterApi.class);

    /** A new member has to get the whole state first. */
    private static final int PATIENCE_SECONDS = 60;

    private final TransactionCoordinator coordinator;

    ClusterApi(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
    }

    /**
     * @param member as in the configuration
     * @param address where clients connect
     * @param reachable false when the leader has not heard of it lately; only the leader knows
     */
    record MemberDetail(String member, String address, boolean self, boolean leads, boolean reachable) {}

    /**
     * @param leader address of who leads, or led last; null before the first election
     * @param term of that lead
     * @param leads whether this member leads now
     */
    record ClusterDetail(@Nullable String leader, long term, boolean leads, List<MemberDetail> members) {}

    /** @param member as in the configuration, or its address for clients when it is one already */
    record Choice(@Nullable String member) {}

    @GetMapping
    ClusterDetail show(@RequestParam(defaultValue = IdSpace.DEFAULT_GROUP) String group) {
        Cluster cluster = cluster(group);
        Cluster.Lead lead = cluster.lastLead();
        return new ClusterDetail(
                lead == null ? null : lead.leader().address(),
                lead == null ? 0 : lead.term(),
                RequestedGroups.named(coordinator, group).leads(),
                cluster.members().stream()
                        .map(member -> new MemberDetail(
                                member.address().toString(),
                                member.address().address(),
                                member.address().equals(cluster.self()),
                                member.leads(),
                                member.reachable()))
                        .toList());
    }

    /** Adds a member that runs and waits for it. Answers when it has the state and counts. */
    @PostMapping("/members")
    ClusterDetail add(@RequestBody Choice choice, @RequestParam(defaultValue = IdSpace.DEFAULT_GROUP) String group) {
        ClusterMember member = written(choice.member());
        await(cluster(group).add(member), "add " + member + " to the group " + group);
        return show(group);
    }

    @DeleteMapping("/members")
    ClusterDetail remove(
            @RequestParam String member, @RequestParam(defaultValue = IdSpace.DEFAULT_GROUP) String group) {
        ClusterMember removed = known(group, member);
        await(cluster(group).remove(removed), "remove " + removed + " from the group " + group);
        return show(group);
    }

    /** Answers when the member was asked to lead. */
    @PostMapping("/leader")
    ClusterDetail lead(@RequestBody Choice choice, @RequestParam(defaultValue = IdSpace.DEFAULT_GROUP) String group) {
        ClusterMember next = known(group, choice.member());
        await(cluster(group).transferLead(next), "pass the lead of the group " + group + " to " + next);
        return show(group);
    }

    private Cluster cluster(String group) {
        Cluster cluster = RequestedGroups.named(coordinator, group).cluster();
        if (cluster == null) {
            throw new ResponseStatusException(
                    HttpStatus.NOT_FOUND,
                    "this coordinator is in no cluster; entente.tc.cluster.self and .members would make it a member");
        }
        return cluster;
    }

    /** A member by either of its forms. */
    private ClusterMember known(String group, @Nullable String text) {
        return cluster(group).members().stream()
                .map(Cluster.MemberState::address)
                .filter(member ->
                        member.address().equals(text) || member.toString().equals(text))
                .findFirst()
                .orElseGet(() -> written(text));
    }

    private static ClusterMember written(@Nullable String text) {
        try {
            return ClusterMember.parse(text == null ? "" : text);
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, String.valueOf(e.getMessage()), e);
        }
    }

    private static void await(CompletableFuture<Void> change, String what) {
        try {
            change.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            log.info("Done, as asked: {}", what);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof ClusterRefusedException refusal) {
                throw refusal;
            }
            throw new IllegalStateException("could not " + what, e.getCause());
        } catch (TimeoutException e) {
            throw new ResponseStatusException(
                    HttpStatus.SERVICE_UNAVAILABLE,
                    "could not " + what + " within " + PATIENCE_SECONDS
                            + " s; it may still be done, GET /api/cluster tells",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "interrupted", e);
        }
    }
}
