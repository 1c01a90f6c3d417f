package io.entente.simulation.coordinator;

import io.entente.protocol.Message;
import io.entente.simulation.invariant.Invariants;
import io.entente.simulation.log.LogStore;
import io.entente.simulation.log.SimulatedLog;
import io.entente.simulation.network.Link;
import io.entente.simulation.network.SimulatedNetwork;
import io.entente.simulation.seam.Seams;
import io.entente.simulation.world.World;
import io.entente.tc.coordinator.BackOff;
import io.entente.tc.coordinator.Caller;
import io.entente.tc.coordinator.Coordinator;
import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.coordinator.IdSpace;
import io.entente.tc.coordinator.Limits;
import io.entente.tc.coordinator.WaitOutcome;
import io.entente.tc.lock.RowClaim;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.Fact;
import io.entente.tc.transaction.TransactionState;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The time for which a node leads: the real coordinator on the log, thrown away afterwards. */
public final class Leadership {
    /** Never reached, and the same in every process, unlike those that look at its heap. */
    private static final Limits LIMITS = new Limits(100_000, 1L << 30, 100_000, 65_536, 1_000, 1L << 24);

    /** The real thread looks at its clock that often, because the clock may be set. */
    private static final long LONGEST_SLEEP_MILLIS = 1_000;

    private static final long RETRY_FIRST_MILLIS = 100;
    private static final long RETRY_MOST_MILLIS = 8_000;
    private static final long RETRY_BUDGET_MILLIS = 6_000;
    private static final long SNAPSHOT_BYTES = 12_000;

    private final World world;
    private final SimulatedNetwork network;
    private final TcNode node;
    private final Invariants invariants;
    private final Seams seams;
    private final Consumer<Throwable> onFailure;
    private final LogStore store;
    private final SimulatedLog log;
    private final SimulatedSessions sessions;
    private final Coordinator coordinator;
    private final List<Link> links = new ArrayList<>();
    private List<ByteBuffer> before = List.of();
    private TransactionState state = new TransactionState();
    /** Whether the state is what the facts make that the log was given. */
    private boolean isSettled;

    private boolean deposed;
    private boolean over;
    private long nextTurn;
    private long turnNumber;

    /**
     * @param alone whether no other node could lead
     * @param onFailure told when the coordinator cannot go on, and its process has to end
     */
    Leadership(
            World world,
            SimulatedNetwork network,
            TcNode node,
            LogStore store,
            boolean alone,
            Invariants invariants,
            Seams seams,
            Consumer<Throwable> onFailure) {
        this.world = world;
        this.network = network;
        this.node = node;
        this.invariants = invariants;
        this.onFailure = onFailure;
        this.seams = seams;
        this.store = store;
        this.log = new SimulatedLog(world, store, alone, this::failed);
        this.sessions = new SimulatedSessions(network, invariants);
        this.coordinator = new Coordinator(
                seams.log(log),
                IdSpace.of(IdSpace.DEFAULT_GROUP),
                sessions,
                node.clock(),
                new BackOff(RETRY_FIRST_MILLIS, RETRY_MOST_MILLIS, world.random()),
                RETRY_BUDGET_MILLIS,
                SNAPSHOT_BYTES,
                LIMITS,
                new Observer(),
                notice -> {},
                this::failed);
    }

    private final class Observer implements CoordinatorObserver {
        @Override
        public void onFact(Fact fact) {
            if (!deposed) {
                if (fact instanceof Fact.BranchStuck stuck && stuck.reason().contains("entente.tc.retry-budget")) {
                    world.trace().mark("a retry budget was used up");
                }
                if (fact instanceof Fact.TransactionMoved moved) {
                    world.trace().mark("decided: " + moved.move());
                }
                world.trace().add(node.process() + ": " + fact);
                invariants.onFact(fact);
            }
        }

        @Override
        public void onLockWait(List<RowClaim> rows, long millis, WaitOutcome outcome) {
            world.trace().mark("a wait for rows ended: " + outcome);
        }

        @Override
        public void onTurn(TransactionState current, int commands, long phaseTwoFailures) {
            state = current;
            isSettled = true;
            if (!deposed) {
                invariants.onTurn(current, commands);
            }
        }
    }

    private void failed(Throwable failure) {
        isSettled = false;
        onFailure.accept(failure);
    }

    void begin() {
        coordinator.recover();
        before = List.copyOf(store.history());
        invariants.onLeader(before);
        wake();
    }

    static String clientId(Client client) {
        return client.application() + ":" + client.process().name() + ":"
                + client.process().life();
    }

    public TcNode node() {
        return node;
    }

    /** All that the coordinator knew after its last turn. */
    public TransactionState state() {
        return state;
    }

    /** Whether no transaction is open, and that is durable. */
    public boolean isQuiet() {
        return state.transactions().isEmpty() && log.isIdle();
    }

    boolean isOver() {
        return over;
    }

    private void wake() {
        planTurn(20 + world.random().nextLong(200));
    }

    private void planTurn(long micros) {
        if (nextTurn > world.now() && nextTurn <= world.now() + micros) {
            return;
        }
        nextTurn = world.now() + micros;
        long number = ++turnNumber;
        node.process().in(micros, () -> {
            if (number == turnNumber && !over) {
                turn();
            }
        });
    }

    private void turn() {
        long pause = coordinator.turn();
        if (over) {
            return;
        }
        planTurn(Math.max(10, Math.min(pause, LONGEST_SLEEP_MILLIS) * 1_000));
    }

    /** A client has connected, and told what it is: who gets no answer to that tries another connection. */
    public Link connect(Client client) {
        Link[] link = new Link[1];
        link[0] = network.connect(client.process(), node.process(), () -> client.onClosed(link[0]), () -> {
            links.remove(link[0]);
            sessions.remove(link[0]);
            coordinator.onConnectionClosed(link[0].id());
            wake();
        });
        links.add(link[0]);
        sessions.add(link[0], client);
        coordinator.onResourcesAvailable(client.resources());
        wake();
        return link[0];
    }

    /** A command has come in over a connection. */
    public void submit(Command command, Link link, Consumer<Message.Response> onAnswer) {
        Caller caller = response -> {
            invariants.onAnswer(command, response);
            if (response instanceof Message.ResultResponse refused
                    && !refused.result().success()) {
                world.trace().mark("refused: " + refused.result().error());
            }
            network.send(link, false, "answer to " + link.id() + ": " + response, () -> onAnswer.accept(response));
        };
        if (!over) {
            coordinator.submit(command, link.id(), caller);
            wake();
        }
    }

    /** A resource manager has answered an order. */
    public void answered(Command.BranchAnswered answer) {
        if (!over) {
            coordinator.submit(seams.answered(answer, state));
            wake();
        }
    }

    public void atWork(Link link, String xid, long branchId) {
        if (!over) {
            coordinator.onBranchesAtWork(link.id(), List.of(new Message.BranchAtWork(xid, branchId)));
            wake();
        }
    }

    /** Somebody asks for what the state tells. */
    public <T> void ask(Function<Coordinator.View, T> question, Link link, Consumer<T> onAnswer) {
        if (!over) {
            var unused = coordinator.ask(question).whenComplete((answer, failure) -> {
                if (failure == null) {
                    network.send(link, false, "told to " + link.id() + ": " + answer, () -> onAnswer.accept(answer));
                } else {
                    invariants.violations().unexpected("a question has failed: " + failure);
                }
            });
            wake();
        }
    }

    /** An operator at the node. */
    public void resolve(Command.Resolve command) {
        if (!over) {
            var unused = coordinator.resolve(command);
            wake();
        }
    }

    /** Ends in order: everything decided is answered first, and whoever waits is sent to the next leader. */
    void handOver(Runnable then) {
        var unused = coordinator.handOver().whenComplete((done, failure) -> then.run());
        wake();
    }

    /** Another leader may come: nothing that happens here counts from now on. The node does not know yet. */
    void depose() {
        if (!deposed) {
            deposed = true;
            log.end();
            if (isSettled) {
                invariants.onLeaderEnd(state, before, log.appended());
            }
        }
    }

    /** What cut it off from the other nodes cuts it off from most clients too. */
    void loseMostLinks() {
        for (Link link : List.copyOf(links)) {
            if (world.random().nextInt(4) != 0) {
                network.close(link, "the leader is cut off");
            }
        }
    }

    /** The node knows that its time is over, or is dead. */
    void end() {
        depose();
        over = true;
        List.copyOf(links).forEach(link -> network.close(link, "the end of the leader"));
    }

    @Nullable
    Leadership ifServing() {
        return over ? null : this;
    }
}
