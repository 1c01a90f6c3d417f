package io.entente.simulation.database;

import io.entente.simulation.world.World;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Rows that are locked until the end of the local transaction. What is committed or prepared survives everything; what is
 * open ends with the connection.
 */
public final class ModelDatabase {
    private final String name;
    private final World world;
    private final SortedMap<String, Object> rows = new TreeMap<>();
    private final Map<String, LocalTransaction> locks = new HashMap<>();
    private final Map<String, Deque<Waiter>> queues = new HashMap<>();
    private final SortedMap<String, LocalTransaction> prepared = new TreeMap<>();
    private final List<LocalTransaction> open = new ArrayList<>();

    private static final class Waiter {
        private final LocalTransaction transaction;
        private final Consumer<Boolean> then;
        private boolean over;

        Waiter(LocalTransaction transaction, Consumer<Boolean> then) {
            this.transaction = transaction;
            this.then = then;
        }
    }

    public ModelDatabase(String name, World world) {
        this.name = name;
        this.world = world;
    }

    public String name() {
        return name;
    }

    /** Puts a row there before all begins. */
    public void fill(String key, Object row) {
        rows.put(key, row);
    }

    /** All rows that are committed. */
    public SortedMap<String, Object> rows() {
        return Collections.unmodifiableSortedMap(rows);
    }

    public Set<String> lockedRows() {
        return locks.keySet();
    }

    @Nullable
    Object committed(String key) {
        return rows.get(key);
    }

    /** Begins on a connection of {@code owner}. */
    public LocalTransaction begin(String owner) {
        LocalTransaction transaction = new LocalTransaction(this, owner);
        open.add(transaction);
        return transaction;
    }

    /**
     * Locks a row, waiting for it.
     *
     * @param patience microseconds
     * @param then told whether the lock was had; never when the transaction ends meanwhile
     */
    public void lock(LocalTransaction transaction, String key, long patience, Consumer<Boolean> then) {
        if (!transaction.isOpen()) {
            then.accept(false);
            return;
        }
        LocalTransaction holder = locks.get(key);
        if (holder == null || holder.equals(transaction)) {
            take(transaction, key);
            then.accept(true);
            return;
        }
        Waiter waiter = new Waiter(transaction, then);
        queues.computeIfAbsent(key, any -> new ArrayDeque<>()).add(waiter);
        world.schedule().in(patience, () -> {
            if (!waiter.over) {
                waiter.over = true;
                then.accept(false);
            }
        });
    }

    private void take(LocalTransaction transaction, String key) {
        locks.put(key, transaction);
        transaction.locks().add(key);
    }

    boolean commit(LocalTransaction transaction) {
        if (transaction.state() == LocalTransaction.State.OVER) {
            return false;
        }
        transaction.writes().forEach(this::store);
        end(transaction);
        return true;
    }

    private void store(String key, Optional<Object> row) {
        if (row.isPresent()) {
            rows.put(key, row.get());
        } else {
            rows.remove(key);
        }
    }

    void rollBack(LocalTransaction transaction) {
        if (transaction.state() != LocalTransaction.State.OVER) {
            end(transaction);
        }
    }

    private void end(LocalTransaction transaction) {
        transaction.enter(LocalTransaction.State.OVER);
        open.remove(transaction);
        prepared.values().remove(transaction);
        for (String key : transaction.locks()) {
            locks.remove(key);
        }
        for (String key : List.copyOf(transaction.locks())) {
            passOn(key);
        }
    }

    private void passOn(String key) {
        Deque<Waiter> queue = queues.get(key);
        while (queue != null && !queue.isEmpty() && !locks.containsKey(key)) {
            Waiter next = queue.poll();
            if (!next.over && next.transaction.isOpen()) {
                next.over = true;
                take(next.transaction, key);
                next.then.accept(true);
            }
        }
    }

    boolean prepare(LocalTransaction transaction, String xa) {
        if (!transaction.isOpen()) {
            return false;
        }
        transaction.enter(LocalTransaction.State.PREPARED);
        open.remove(transaction);
        prepared.put(xa, transaction);
        return true;
    }

    /** The prepared transaction of this name, null when there is none. */
    public @Nullable LocalTransaction prepared(String xa) {
        return prepared.get(xa);
    }

    public List<String> prepared() {
        return List.copyOf(prepared.keySet());
    }

    /** The connections of this owner end. */
    public void disconnect(String owner) {
        for (LocalTransaction transaction : List.copyOf(open)) {
            if (transaction.owner().equals(owner)) {
                rollBack(transaction);
            }
        }
    }

    /** All connections end. */
    public void restart() {
        world.trace().add(name + " is started again");
        List.copyOf(open).forEach(this::rollBack);
    }
}
