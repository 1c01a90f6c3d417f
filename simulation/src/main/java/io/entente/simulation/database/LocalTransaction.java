package io.entente.simulation.database;

import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A local transaction, and the connection it runs on. */
public final class LocalTransaction {
    private final ModelDatabase database;
    private final String owner;
    private final Map<String, Optional<Object>> writes = new LinkedHashMap<>();
    private final Set<String> locks = new LinkedHashSet<>();
    private State state = State.OPEN;

    /** Where it is in its life. */
    enum State {
        OPEN,
        PREPARED,
        OVER
    }

    LocalTransaction(ModelDatabase database, String owner) {
        this.database = database;
        this.owner = owner;
    }

    String owner() {
        return owner;
    }

    State state() {
        return state;
    }

    void enter(State next) {
        state = next;
    }

    Set<String> locks() {
        return locks;
    }

    Map<String, Optional<Object>> writes() {
        return writes;
    }

    public ModelDatabase database() {
        return database;
    }

    /** The rows that it has written or deleted. */
    public Set<String> written() {
        return writes.keySet();
    }

    /** False when the database has rolled it back, for whatever reason. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** The row as this transaction sees it; null when there is none. */
    public @Nullable Object read(String key) {
        requireLocked(key);
        Optional<Object> own = writes.get(key);
        return own == null ? database.committed(key) : own.orElse(null);
    }

    public Account account(String key) {
        Object row = read(key);
        if (row instanceof Account account) {
            return account;
        }
        throw new IllegalStateException("there is no account " + key);
    }

    public void write(String key, Object row) {
        requireLocked(key);
        writes.put(key, Optional.of(row));
    }

    public void delete(String key) {
        requireLocked(key);
        writes.put(key, Optional.empty());
    }

    private void requireLocked(String key) {
        if (!locks.contains(key)) {
            throw new IllegalStateException("the row " + key + " is used without its lock");
        }
    }

    /** Commits; false when it was rolled back before. */
    public boolean commit() {
        return database.commit(this);
    }

    public void rollBack() {
        database.rollBack(this);
    }

    /** Prepares it under this name; false when it was rolled back before. */
    public boolean prepare(String name) {
        return database.prepare(this, name);
    }
}
