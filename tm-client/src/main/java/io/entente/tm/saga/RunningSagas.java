package io.entente.tm.saga;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;

/**
 * The steps this process is running, by global transaction. The coordinator may decide to undo them, because their time is
 * up, while one is at work; its compensation must not overtake it.
 */
final class RunningSagas {

    private final Map<String, List<AtWork>> running = new ConcurrentHashMap<>();

    void add(String xid, AtWork steps) {
        running.merge(
                xid,
                List.of(steps),
                (some, more) -> Stream.concat(some.stream(), more.stream()).toList());
    }

    void remove(String xid, AtWork steps) {
        running.computeIfPresent(xid, (same, present) -> {
            List<AtWork> left =
                    present.stream().filter(each -> !each.equals(steps)).toList();
            return left.isEmpty() ? null : left;
        });
    }

    /** Lets no attempt begin any more in what runs in this global transaction; complete when none is running. */
    CompletableFuture<Void> stop(String xid) {
        return CompletableFuture.allOf(
                running.getOrDefault(xid, List.of()).stream().map(AtWork::stop).toArray(CompletableFuture[]::new));
    }
}
