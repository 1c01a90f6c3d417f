package io.entente.simulation.application;

import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.simulation.coordinator.Client;
import io.entente.simulation.coordinator.Leadership;
import io.entente.simulation.coordinator.TcNode;
import io.entente.simulation.network.Link;
import io.entente.simulation.network.SimulatedNetwork;
import io.entente.simulation.world.World;
import io.entente.tc.coordinator.Coordinator;
import io.entente.tc.transaction.Command;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An application's connection to whichever node serves, made again whenever it has ended. */
final class CoordinatorLine {
    private final World world;
    private final SimulatedNetwork network;
    private final Client client;
    private final List<TcNode> nodes;
    private final Map<Long, Consumer<@Nullable Object>> waiting = new TreeMap<>();
    private @Nullable Link link;
    private @Nullable Leadership server;
    private int tried;
    private long questions;

    CoordinatorLine(World world, SimulatedNetwork network, Client client, List<TcNode> nodes) {
        this.world = world;
        this.network = network;
        this.client = client;
        this.nodes = nodes;
    }

    /** The process has started. */
    void open() {
        link = null;
        server = null;
        waiting.clear();
        connect();
    }

    private void connect() {
        client.process().in(world.weather().messageTime(), () -> {
            TcNode node = nodes.get(tried % nodes.size());
            Leadership serving = node.serving();
            if (serving == null || !network.reaches(client.process(), node.process())) {
                tried++;
                client.process().in(20_000 + world.random().nextLong(300_000), this::connect);
                return;
            }
            server = serving;
            link = serving.connect(client);
        });
    }

    /** A connection has ended; nothing that was asked over it will be answered. */
    void onClosed(Link ended) {
        if (!ended.equals(link)) {
            return;
        }
        link = null;
        server = null;
        tried++;
        List<Consumer<@Nullable Object>> unanswered = List.copyOf(waiting.values());
        waiting.clear();
        unanswered.forEach(each -> each.accept(null));
        connect();
    }

    boolean isConnected() {
        return link != null;
    }

    /**
     * Asks the coordinator.
     *
     * @param patience microseconds
     * @param then gets the answer, null when there is none
     */
    void ask(Command command, long patience, Consumer<Message.@Nullable Response> then) {
        exchange(
                client.process() + " asks: " + command,
                isRepeatable(command),
                patience,
                (leadership, over, answered) -> leadership.submit(command, over, answered::accept),
                answer -> then.accept((Message.Response) answer));
    }

    /** Asks for something that the coordinator's state tells. */
    <T> void question(Function<Coordinator.View, T> question, Consumer<@Nullable T> then) {
        this.<T>exchange(
                client.process() + " has a question",
                true,
                5_000_000,
                (leadership, over, answered) -> leadership.ask(question, over, answered),
                then);
    }

    /**
     * Nothing on the wire says that a branch was registered before, and of a TCC branch whose try nobody has run, the confirm
     * is an error. The client library never sends it twice, nor does TCP.
     */
    private static boolean isRepeatable(Command command) {
        return !(command instanceof Command.RegisterBranch register && register.type() == BranchType.TCC);
    }

    private interface Exchange<T> {
        void on(Leadership leadership, Link link, Consumer<T> answered);
    }

    @SuppressWarnings("unchecked")
    private <T> void exchange(
            String what, boolean repeatable, long patience, Exchange<T> exchange, Consumer<@Nullable T> then) {
        Link over = link;
        Leadership leadership = server;
        if (over == null || leadership == null) {
            client.process().soon(() -> then.accept(null));
            return;
        }
        long id = ++questions;
        waiting.put(id, answer -> then.accept((T) answer));
        client.process().in(patience, () -> answer(id, null));
        network.send(over, true, what, repeatable, () -> exchange.on(leadership, over, answer -> answer(id, answer)));
    }

    private void answer(long id, @Nullable Object answer) {
        Consumer<@Nullable Object> asker = waiting.remove(id);
        if (asker != null) {
            asker.accept(answer);
        }
    }

    /** Answers an order, over whatever connection there is now. */
    void answer(Command.BranchAnswered answer) {
        Link over = link;
        Leadership leadership = server;
        if (over != null && leadership != null) {
            network.send(over, true, client.process() + " answers: " + answer, () -> leadership.answered(answer));
        }
    }

    void atWork(String xid, long branchId) {
        Link over = link;
        Leadership leadership = server;
        if (over != null && leadership != null) {
            network.send(
                    over,
                    true,
                    client.process() + " is at work at " + branchId,
                    () -> leadership.atWork(over, xid, branchId));
        }
    }
}
