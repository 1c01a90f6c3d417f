package io.entente.tc.server;

import io.entente.tc.CoordinatorGroup;
import io.entente.tc.TransactionCoordinator;
import io.entente.tc.coordinator.IdSpace;
import io.entente.tc.log.Cluster;
import io.entente.tc.log.ClusterMember;
import jakarta.servlet.http.HttpServletRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.context.request.async.DeferredResult;
import org.springframework.web.server.ResponseStatusException;

/**
 * Where Seata's clients with {@code registry.type=raft} learn who leads. They read the JSON strictly: not a field more may
 * be in it than 2.0 knows, which was the first; what later versions have added, they do without.
 */
@RestController
@RequestMapping("/metadata/v1")
class SeataMetadataApi {
    /** Seata's clients give up on an answer after 30 s. */
    private static final long LONGEST_WATCH_MILLIS = 28_000;

    private static final String TIMEOUT = "timeout";

    private final TransactionCoordinator coordinator;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();

    SeataMetadataApi(TransactionCoordinator coordinator) {
        this.coordinator = coordinator;
        for (CoordinatorGroup group : coordinator.groups()) {
            Cluster cluster = group.cluster();
            if (cluster != null) {
                cluster.onLeadChanged(this::tellWatches);
            }
        }
    }

    record Endpoint(String host, int port) {}

    record Node(Endpoint control, Endpoint transaction, String group, String role, Map<String, Object> metadata) {}

    record Metadata(List<Node> nodes, String storeMode, long term) {}

    /** @param terms that the client knows, by the name of the group */
    private record Watch(Map<String, Long> terms, DeferredResult<ResponseEntity<Void>> answer) {}

    /** @param request its parameter {@code group} is the name of a group; any other asks for the default one */
    @GetMapping("/cluster")
    Metadata metadata(HttpServletRequest request) {
        String group = known(request.getParameter("group"));
        Cluster cluster = cluster(group);
        Cluster.Lead lead = cluster.lastLead();
        if (lead == null) {
            // Seata's clients fail on an answer without a leader.
            throw new ResponseStatusException(HttpStatus.SERVICE_UNAVAILABLE, "nobody has led this cluster yet");
        }
        return new Metadata(
                cluster.members().stream()
                        .map(member ->
                                node(group, member.address(), member.address().equals(lead.leader())))
                        .toList(),
                "raft",
                lead.term());
    }

    private static Node node(String group, ClusterMember member, boolean leads) {
        return new Node(
                new Endpoint(member.host(), member.httpPort()),
                new Endpoint(member.host(), member.port()),
                group,
                leads ? "LEADER" : "FOLLOWER",
                Map.of());
    }

    /**
     * Answers 200 as soon as there is a newer term than the client knows, 304 when there is none for a while.
     *
     * @param request its parameters are the client's term of each group, and {@code timeout} in ms
     */
    @PostMapping("/watch")
    DeferredResult<ResponseEntity<Void>> watch(HttpServletRequest request) {
        Watch watch = new Watch(
                knownTerms(request), new DeferredResult<>(timeout(request), () -> status(HttpStatus.NOT_MODIFIED)));
        watch.answer.onCompletion(() -> watches.remove(watch));
        watches.add(watch);
        // After it was added, or a change between the two would be missed.
        if (isNews(watch)) {
            watch.answer.setResult(status(HttpStatus.OK));
        }
        return watch.answer;
    }

    private boolean isNews(Watch watch) {
        return watch.terms.entrySet().stream().anyMatch(known -> {
            Cluster.Lead lead = cluster(known.getKey()).lastLead();
            return lead != null && lead.term() > known.getValue();
        });
    }

    private void tellWatches() {
        for (Watch watch : watches) {
            if (isNews(watch)) {
                watch.answer.setResult(status(HttpStatus.OK));
            }
        }
    }

    private Map<String, Long> knownTerms(HttpServletRequest request) {
        Map<String, Long> terms = new HashMap<>();
        request.getParameterMap().forEach((name, values) -> {
            if (!name.equals(TIMEOUT)) {
                terms.merge(known(name), number(name, values[0]), Math::min);
            }
        });
        if (terms.isEmpty()) {
            terms.put(IdSpace.DEFAULT_GROUP, -1L);
        }
        return terms;
    }

    /** A client may know the default group by a name of its own. */
    private String known(@Nullable String name) {
        return coordinator.groups().stream()
                .map(CoordinatorGroup::name)
                .filter(group -> group.equals(name))
                .findFirst()
                .orElse(IdSpace.DEFAULT_GROUP);
    }

    private static long timeout(HttpServletRequest request) {
        String text = request.getParameter(TIMEOUT);
        long millis = text == null ? LONGEST_WATCH_MILLIS : number(TIMEOUT, text);
        return Math.max(1, Math.min(millis, LONGEST_WATCH_MILLIS));
    }

    private static long number(String name, String text) {
        try {
            return Long.parseLong(text);
        } catch (NumberFormatException e) {
            throw new ResponseStatusException(
                    HttpStatus.BAD_REQUEST, name + " is " + text + "; expected is a whole number", e);
        }
    }

    private static ResponseEntity<Void> status(HttpStatusCode status) {
        return ResponseEntity.status(status).build();
    }

    private Cluster cluster(String group) {
        @Nullable Cluster cluster = coordinator.group(group).cluster();
        if (cluster == null) {
            throw new ResponseStatusException(
                    HttpStatus.NOT_FOUND,
                    "this coordinator is in no cluster; configure registry.type=file at Seata's clients");
        }
        return cluster;
    }
}
