package io.entente.protocol.transport;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where coordinators may be reached at the moment: what discovery tells, and the addresses behind the names. Both may take
 * long, or hang, and neither may hold up the I/O thread or the other; so each question has a thread while it lasts, is asked
 * once at a time, and is not waited for longer than an attempt to connect.
 */
final class Candidates implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Candidates.class);

    /** All clients lose their leader at the same time, and a registry should not hear of each of their attempts. */
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final String DISCOVERY = "";

    private final CoordinatorDiscovery discovery;
    private final NameLookup names;
    private final Duration patience;
    private final ExecutorService threads = Executors.newCachedThreadPool(task -> {
        Thread thread = new Thread(task, "entente-discovery");
        thread.setDaemon(true);
        return thread;
    });
    private final Set<ServerAddress> named = ConcurrentHashMap.newKeySet();
    private final Map<String, CompletableFuture<?>> asked = new HashMap<>();
    private @Nullable List<ServerAddress> told;
    private long toldAt;
    private boolean failing;

    Candidates(CoordinatorDiscovery discovery, NameLookup names, Duration patience) {
        this.discovery = discovery;
        this.names = names;
        this.patience = patience;
        if (discovery instanceof ListedCoordinators listed) {
            named.addAll(listed.coordinators());
        }
    }

    CoordinatorDiscovery discovery() {
        return discovery;
    }

    /** All that were called coordinators so far, by discovery or by each other. */
    Set<ServerAddress> named() {
        return named;
    }

    /**
     * All that are worth an attempt, in turn.
     *
     * @return empty when discovery knows none; fails when it does not answer, and never did
     */
    CompletableFuture<List<Candidate>> all() {
        return servers().thenCompose(servers -> {
            List<CompletableFuture<List<Candidate>>> lookups =
                    servers.stream().map(this::of).toList();
            return CompletableFuture.allOf(lookups.toArray(CompletableFuture[]::new))
                    .thenApply(done -> {
                        List<Candidate> candidates = new ArrayList<>();
                        lookups.forEach(lookup -> candidates.addAll(lookup.join()));
                        return candidates;
                    });
        });
    }

    /** All addresses of {@code server}; a single candidate without one when there is none. */
    CompletableFuture<List<Candidate>> of(ServerAddress server) {
        named.add(server);
        return ask(server.host(), () -> lookUp(server.host())).handle((addresses, failure) -> {
            if (failure != null) {
                return List.of(Candidate.unknown(server, cause(failure)));
            }
            return addresses.stream()
                    .map(address -> Candidate.at(server, address))
                    .toList();
        });
    }

    private List<InetAddress> lookUp(String host) {
        try {
            return names.addressesOf(host);
        } catch (UnknownHostException e) {
            throw new CompletionException(e);
        }
    }

    private CompletableFuture<List<ServerAddress>> servers() {
        synchronized (this) {
            if (told != null && System.nanoTime() - toldAt < FRESH_NANOS) {
                return CompletableFuture.completedFuture(told);
            }
        }
        return ask(DISCOVERY, () -> List.copyOf(discovery.coordinators())).handle(this::told);
    }

    private synchronized List<ServerAddress> told(@Nullable List<ServerAddress> now, @Nullable Throwable failure) {
        if (now != null) {
            told = now;
            toldAt = System.nanoTime();
            failing = false;
            return now;
        }
        Throwable cause = cause(failure);
        List<ServerAddress> last = told;
        if (last == null || last.isEmpty()) {
            throw new CompletionException(cause);
        }
        if (!failing) {
            failing = true;
            log.warn("{} does not answer ({}); what it told last counts until it does: {}", discovery, cause, last);
        }
        return last;
    }

    /** The answer to a question that may be asked by others already; fails with a TimeoutException without patience. */
    private <T> CompletableFuture<T> ask(String question, Supplier<T> answer) {
        CompletableFuture<T> answered;
        synchronized (asked) {
            @SuppressWarnings("unchecked") // A question has one kind of answer.
            @Nullable
            CompletableFuture<T> before = (CompletableFuture<T>) asked.get(question);
            if (before == null) {
                try {
                    answered = CompletableFuture.supplyAsync(answer, threads);
                } catch (RejectedExecutionException e) {
                    return CompletableFuture.failedFuture(e);
                }
                CompletableFuture<T> asking = answered;
                asked.put(question, asking);
                asking.whenComplete((done, failure) -> {
                    synchronized (asked) {
                        asked.remove(question, asking);
                    }
                });
            } else {
                answered = before;
            }
        }
        return answered.copy().orTimeout(patience.toMillis(), TimeUnit.MILLISECONDS);
    }

    private Throwable cause(@Nullable Throwable failure) {
        Throwable cause =
                failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
        return cause == null || cause instanceof TimeoutException
                ? new TimeoutException("no answer within " + patience.toMillis() + " ms")
                : cause;
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
