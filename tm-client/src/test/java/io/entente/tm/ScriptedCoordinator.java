package io.entente.tm;

import io.entente.protocol.GlobalStatus;
import io.entente.protocol.TransactionError;
import io.entente.protocol.transport.CoordinatorUnreachableException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Supplier;

/** A coordinator in memory that answers as told, and writes down what it was asked. */
final class ScriptedCoordinator implements TransactionCoordinator {

    /** In order: "begin name", "commit xid", "rollback xid". */
    final List<String> requests = new ArrayList<>();

    final Deque<Supplier<String>> beginFaults = new ArrayDeque<>();
    final Deque<Supplier<GlobalStatus>> commitAnswers = new ArrayDeque<>();
    final Deque<Supplier<GlobalStatus>> rollbackAnswers = new ArrayDeque<>();
    final List<Duration> timeouts = new ArrayList<>();
    boolean open = true;
    boolean checksReads = true;
    private int lastId;

    static <T> Supplier<T> lost() {
        return () -> {
            throw new CoordinatorUnreachableException("the answer was lost", false);
        };
    }

    static <T> Supplier<T> notSent() {
        return () -> {
            throw new CoordinatorUnreachableException("there is no connection", true);
        };
    }

    static <T> Supplier<T> refused(TransactionError error) {
        return () -> {
            throw new CoordinatorRefusedException(error, "as the test wants it");
        };
    }

    @Override
    public String begin(String name, Duration timeout) {
        requests.add("begin " + name);
        timeouts.add(timeout);
        if (!beginFaults.isEmpty()) {
            return beginFaults.poll().get();
        }
        lastId++;
        return "tc:8091:" + lastId;
    }

    @Override
    public GlobalStatus commit(String xid) {
        requests.add("commit " + xid);
        return commitAnswers.isEmpty()
                ? GlobalStatus.COMMITTED
                : commitAnswers.poll().get();
    }

    @Override
    public GlobalStatus rollback(String xid) {
        requests.add("rollback " + xid);
        return rollbackAnswers.isEmpty()
                ? GlobalStatus.ROLLED_BACK
                : rollbackAnswers.poll().get();
    }

    @Override
    public boolean checksReads() {
        return checksReads;
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public String address() {
        return "tc:8091";
    }
}
