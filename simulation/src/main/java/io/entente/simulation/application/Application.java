package io.entente.simulation.application;

import static io.entente.simulation.application.LocalWork.giveUp;
import static io.entente.simulation.application.LocalWork.tryAgain;

import io.entente.protocol.BranchStatus;
import io.entente.protocol.BranchType;
import io.entente.protocol.Message;
import io.entente.simulation.coordinator.Client;
import io.entente.simulation.coordinator.TcNode;
import io.entente.simulation.database.ModelDatabase;
import io.entente.simulation.invariant.Invariants;
import io.entente.simulation.network.Link;
import io.entente.simulation.network.SimulatedNetwork;
import io.entente.simulation.seam.Seams;
import io.entente.simulation.world.SimulatedProcess;
import io.entente.simulation.world.World;
import io.entente.tc.transaction.Command;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;

/** An instance of an application: does steps, and carries the coordinator's orders out. */
public final class Application implements Client {
    private static final long AT_WORK_PAUSE = 5 * LocalWork.SECOND;
    static final int MOST_STEPS = 8;

    private final World world;
    private final String name;
    private final SimulatedProcess process;
    private final CoordinatorLine line;
    private final LocalWork local;
    private final AtBranches at;
    private final XaBranches xa;
    private final TccBranches tcc;
    private final SagaBranches saga;
    private final List<Integer> databases;
    private final Set<String> resources = new TreeSet<>();
    private final Set<Long> inHand = new HashSet<>();
    private long sickUntil;

    /**
     * @param name of the application; its instances share it
     * @param all every database there is
     * @param own numbers of those that this application works with
     */
    public Application(
            World world,
            SimulatedNetwork network,
            String name,
            int instance,
            List<ModelDatabase> all,
            List<Integer> own,
            List<TcNode> coordinators,
            Invariants invariants,
            Seams seams) {
        this.world = world;
        this.name = name;
        this.databases = own;
        this.process = new SimulatedProcess(name + instance, world);
        this.line = new CoordinatorLine(world, network, this, coordinators);
        this.local = new LocalWork(world, process, name, line, all, invariants, seams);
        this.at = new AtBranches(local);
        this.xa = new XaBranches(local);
        this.tcc = new TccBranches(local);
        this.saga = new SagaBranches(local);
        for (int database : own) {
            resources.addAll(List.of("at:db" + database, "xa:db" + database, "tcc:db" + database));
            for (int step = 0; step < MOST_STEPS; step++) {
                resources.add("saga:db" + database + ":" + step);
            }
        }
        resources.add(rest());
        process.onStart(() -> {
            inHand.clear();
            line.open();
            xa.start();
        });
        process.onCrash(() -> own.forEach(each -> all.get(each).disconnect(process.name())));
        network.watch(process);
    }

    /** The resource that is the rest of a saga behind its pivot. */
    String rest() {
        return "rest:" + name;
    }

    @Override
    public SimulatedProcess process() {
        return process;
    }

    @Override
    public String application() {
        return name;
    }

    @Override
    public Set<String> resources() {
        return resources;
    }

    CoordinatorLine line() {
        return line;
    }

    LocalWork local() {
        return local;
    }

    /** Refuses every order for a while. */
    public void fallSick(long micros) {
        world.trace().add(process + " refuses all orders for " + micros / 1_000 + " ms");
        sickUntil = world.now() + micros;
    }

    boolean worksWith(int database) {
        return databases.contains(database);
    }

    List<Integer> databases() {
        return databases;
    }

    @Override
    public void onClosed(Link link) {
        line.onClosed(link);
    }

    /** Does a step in a global transaction; {@code then} is told whether it went well. */
    void work(String xid, Step step, Consumer<Boolean> then) {
        Branches branches = switch (step.mode()) {
            case AT -> at;
            case XA -> xa;
            case TCC -> tcc;
            case SAGA -> saga;
        };
        branches.work(xid, step, then);
    }

    @Override
    public void onOrder(Message message) {
        if (message instanceof Message.BranchCommitRequest order) {
            onOrder(
                    new Branches.Order(
                            order.xid(), order.branchId(), true, order.resourceId(), order.applicationData()),
                    order.branchType());
        } else if (message instanceof Message.BranchRollbackRequest order) {
            onOrder(
                    new Branches.Order(
                            order.xid(), order.branchId(), false, order.resourceId(), order.applicationData()),
                    order.branchType());
        }
    }

    private void onOrder(Branches.Order order, BranchType type) {
        // What is in hand is answered when it is done, however often it is asked for.
        if (!resources.contains(order.resourceId())
                || world.weather().swallowsOrder()
                || !inHand.add(order.branchId())) {
            return;
        }
        Consumer<Branches.Answer> then = answer -> answer(order, answer);
        if (world.weather().refuses()) {
            process.soon(() -> then.accept(tryAgain(order.commit(), "not now")));
        } else if (world.now() < sickUntil && !world.weather().isCalm()) {
            process.soon(() -> then.accept(tryAgain(order.commit(), "not for a while")));
        } else if (world.weather().givesUp()) {
            process.soon(() -> then.accept(giveUp(order.commit(), "not at all")));
        } else {
            stayAtWork(order);
            process.soon(() -> carryOut(order, type, then));
        }
    }

    private void stayAtWork(Branches.Order order) {
        process.in(AT_WORK_PAUSE, () -> {
            if (inHand.contains(order.branchId())) {
                line.atWork(order.xid(), order.branchId());
                stayAtWork(order);
            }
        });
    }

    private void carryOut(Branches.Order order, BranchType type, Consumer<Branches.Answer> then) {
        switch (type) {
            case AT -> at.carryOut(order, then);
            case XA -> xa.carryOut(order, then);
            case TCC -> tcc.carryOut(order, then);
            case SAGA_ANNOTATION -> saga.carryOut(order, then);
            case SAGA -> saga.carryOn(order, steps(order.data()), then);
            default -> local.invariants().violations().unexpected("an order for a branch of mode " + type);
        }
    }

    /** The text that tells the steps of the rest of a saga. */
    static String written(List<Step> steps) {
        return String.join("|", steps.stream().map(Step::written).toList());
    }

    private static List<Step> steps(String data) {
        return new ArrayList<>(
                Arrays.stream(data.split("\\|", -1)).map(Step::read).toList());
    }

    private void answer(Branches.Order order, Branches.Answer answer) {
        if (!inHand.remove(order.branchId())) {
            return;
        }
        BranchStatus status = answer.status();
        line.answer(new Command.BranchAnswered(order.xid(), order.branchId(), status, answer.message()));
    }
}
