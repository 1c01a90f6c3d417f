package io.entente.simulation.application;

import io.entente.protocol.Message;
import io.entente.simulation.application.Step.Mode;
import io.entente.simulation.database.Account;
import io.entente.simulation.database.LocalTransaction;
import io.entente.simulation.database.ModelDatabase;
import io.entente.simulation.invariant.Ledger;
import io.entente.simulation.network.SimulatedNetwork;
import io.entente.simulation.world.World;
import io.entente.tc.transaction.Command;
import io.entente.tc.transaction.LockPatience;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;

/** Applications that go on moving money, and looking at it, until they are told to stop. */
public final class Workload {
    private static final long LONGEST_LOOK_AWAY = 400_000;

    private final World world;
    private final SimulatedNetwork network;
    private final List<Application> applications;
    private final Ledger ledger;
    private final Plan.Style style;
    private final long thinkTime;
    private boolean stopped;

    public Workload(
            World world,
            SimulatedNetwork network,
            List<Application> applications,
            List<ModelDatabase> databases,
            Ledger ledger) {
        this.world = world;
        this.network = network;
        this.applications = applications;
        this.ledger = ledger;
        List<Mode> modes = new ArrayList<>();
        for (Mode mode : Mode.values()) {
            if (world.random().nextInt(3) != 0) {
                modes.add(mode);
            }
        }
        if (modes.isEmpty()) {
            modes.add(Mode.AT);
        }
        int accounts = 1 + world.random().nextInt(4);
        style = new Plan.Style(databases.size(), accounts, modes, world.random().nextBoolean());
        // From busy to nearly idle: some faults need much to happen at once, others that little does.
        thinkTime = 20_000L << world.random().nextInt(world.random().nextBoolean() ? 5 : 10);
        // With little of it, guards matter; with much, more is committed.
        long opening = world.random().nextBoolean() ? 5 + world.random().nextInt(100) : 2_000;
        for (ModelDatabase database : databases) {
            for (Mode mode : Mode.values()) {
                for (int i = 0; i < accounts; i++) {
                    database.fill(account(mode, i), Account.of(opening));
                }
            }
        }
    }

    private static String account(Mode mode, int number) {
        return mode.name().toLowerCase(Locale.ROOT) + number;
    }

    /** Has all applications begin whenever they start. */
    public void begin() {
        int busiest = world.random().nextInt(applications.size());
        for (int i = 0; i < applications.size(); i++) {
            Application application = applications.get(i);
            // Some only serve others, and look.
            int atOnce = i == busiest ? 3 : world.random().nextInt(3);
            application.process().onStart(() -> {
                for (int loop = 0; loop < atOnce; loop++) {
                    transactions(application);
                }
                readers(application);
            });
        }
    }

    public void stop() {
        stopped = true;
    }

    private void transactions(Application application) {
        application.process().in(world.random().nextLong(thinkTime), () -> {
            if (stopped) {
                return;
            }
            Plan plan = Plan.draw(style, application.databases(), world.random());
            new TransactionRun(world, network, application, applications, ledger, plan, () -> transactions(application))
                    .begin();
        });
    }

    /** Work outside of global transactions that looks at rows which no global transaction may hold. */
    private void readers(Application application) {
        if (!style.modes().contains(Mode.AT)) {
            return;
        }
        application.process().in(world.random().nextLong(Math.min(20 * thinkTime, LONGEST_LOOK_AWAY)), () -> {
            if (!stopped) {
                read(application);
                readers(application);
            }
        });
    }

    private void read(Application application) {
        LocalWork local = application.local();
        String resource = "at:db" + world.any(application.databases());
        ModelDatabase database = local.database(resource);
        TreeSet<String> drawn = new TreeSet<>();
        for (int i = 0; i < 2; i++) {
            drawn.add(account(Mode.AT, world.random().nextInt(style.accounts())));
        }
        List<String> keys = List.copyOf(drawn);
        LocalTransaction transaction = local.begin(database);
        local.lockAll(database, transaction, keys, had -> {
            if (!had) {
                return;
            }
            Command query = new Command.QueryLock(
                    "",
                    resource,
                    "account:" + String.join(",", keys),
                    new LockPatience(world.random().nextInt(800), LockPatience.Holding.LOCAL_TRANSACTION));
            application.line().ask(query, 3 * LocalWork.SECOND, answer -> {
                boolean free = answer instanceof Message.GlobalLockQueryResponse response && response.lockable();
                if (free && transaction.isOpen()) {
                    local.invariants().onIsolatedRead("", database, keys);
                }
                transaction.rollBack();
            });
        });
    }
}
