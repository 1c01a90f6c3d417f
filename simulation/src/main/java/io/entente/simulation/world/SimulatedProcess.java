package io.entente.simulation.world;

import java.util.ArrayList;
import java.util.List;

/** A process that can crash at any moment. What it had planned does not happen then. */
public final class SimulatedProcess {
    private final String name;
    private final World world;
    private final List<Runnable> onCrash = new ArrayList<>();
    private final List<Runnable> onStart = new ArrayList<>();
    private boolean up;
    private long pausedUntil;
    private int life;

    public SimulatedProcess(String name, World world) {
        this.name = name;
        this.world = world;
    }

    public String name() {
        return name;
    }

    public boolean isUp() {
        return up;
    }

    /** Counts its starts: what belongs to an earlier life is nothing to this one. */
    public int life() {
        return life;
    }

    public void onCrash(Runnable action) {
        onCrash.add(action);
    }

    public void onStart(Runnable action) {
        onStart.add(action);
    }

    public void start() {
        if (!up) {
            up = true;
            life++;
            world.trace().add(name + " starts");
            onStart.forEach(Runnable::run);
        }
    }

    public void crash() {
        if (up) {
            up = false;
            pausedUntil = 0;
            world.trace().add(name + " crashes");
            onCrash.forEach(Runnable::run);
        }
    }

    /** Plans something that happens if this process still lives then. */
    public void in(long micros, Runnable action) {
        world.schedule().in(micros, inThisLife(action));
    }

    /** Plans something after the time that a small piece of work takes. */
    public void soon(Runnable action) {
        in(world.weather().work(), action);
    }

    /** What happens only if this process still lives then. */
    public Runnable inThisLife(Runnable action) {
        int planned = life;
        return () -> run(planned, action);
    }

    private void run(int planned, Runnable action) {
        if (!up || life != planned) {
            return;
        }
        if (world.now() < pausedUntil) {
            world.schedule().in(pausedUntil - world.now(), () -> run(planned, action));
        } else {
            action.run();
        }
    }

    /** Stands still, and then goes on as if nothing had been. */
    public void pause(long micros) {
        if (up) {
            world.trace().add(name + " stands still for " + micros / 1_000 + " ms");
            pausedUntil = world.now() + micros;
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
