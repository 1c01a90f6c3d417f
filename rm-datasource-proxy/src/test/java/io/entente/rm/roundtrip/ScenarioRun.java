package io.entente.rm.roundtrip;

import static org.awaitility.Awaitility.await;

import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.roundtrip.Scenario.Global;
import io.entente.rm.roundtrip.Scenario.Local;
import io.entente.rm.undo.UndoNotEncodableException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Runs a scenario twice, step by step at the same time: through Entente, and on twins of the databases where each global
 * transaction is one local transaction, so that what the database itself rolls back is the measure.
 */
final class ScenarioRun {

    private static final Duration SETTLED = Duration.ofSeconds(20);

    /** Classes of SQL states: cardinality, data, constraints. */
    private static final Set<String> DATA_ERRORS = Set.of("21", "22", "23");

    private final World world;
    private final Scenario scenario;
    private final Grammar grammar;
    private final Tally tally;
    private final Sabotage sabotage;
    private long clock;

    /** What is done to the undo rows of a global transaction before it is rolled back. */
    @FunctionalInterface
    interface Sabotage {
        void spoil(Connection plain) throws SQLException;
    }

    /** Entente did otherwise than the database by itself. */
    static final class ProblemException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ProblemException(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    private static final class RolledBackException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    ScenarioRun(World world, Grammar grammar, Scenario scenario, Tally tally, Sabotage sabotage) {
        this.world = world;
        this.grammar = grammar;
        this.scenario = scenario;
        this.tally = tally;
        this.sabotage = sabotage;
    }

    /** @return what is wrong; null when all is well */
    @Nullable
    String run() throws Exception {
        for (int i = 0; i < scenario.databases().size(); i++) {
            try (Connection plain = world.plain(i).getConnection()) {
                execute(plain, scenario.databases().get(i).create());
            }
            execute(world.twin(i), scenario.databases().get(i).create());
        }
        try {
            for (Global global : scenario.transactions()) {
                run(global);
            }
            settle();
        } catch (ProblemException e) {
            return e.getMessage();
        }
        for (int i = 0; i < scenario.databases().size(); i++) {
            try (Connection plain = world.plain(i).getConnection()) {
                execute(plain, scenario.databases().get(i).drop());
            }
            execute(world.twin(i), scenario.databases().get(i).drop());
        }
        return null;
    }

    private static void execute(Connection connection, List<String> texts) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String text : texts) {
                try {
                    statement.execute(text);
                } catch (SQLException e) {
                    throw new SQLException(text, e);
                }
            }
        }
    }

    private void run(Global global) throws Exception {
        for (int i = 0; i < scenario.databases().size(); i++) {
            world.twin(i).setAutoCommit(false);
        }
        try {
            world.client().transactions().execute("round trip", () -> {
                for (Local local : global.locals()) {
                    run(local);
                }
                if (!global.committed()) {
                    sabotage();
                    throw new RolledBackException();
                }
                return null;
            });
        } catch (RolledBackException e) {
            // as the scenario wants it
        } catch (ProblemException e) {
            throw e;
        } catch (Exception e) {
            throw new ProblemException("The global transaction failed: " + chain(e), e);
        }
        for (int i = 0; i < scenario.databases().size(); i++) {
            if (global.committed()) {
                world.twin(i).commit();
            } else {
                world.twin(i).rollback();
            }
            world.twin(i).setAutoCommit(true);
            compare(i, global);
        }
    }

    private void sabotage() throws SQLException {
        for (int i = 0; i < scenario.databases().size(); i++) {
            try (Connection plain = world.plain(i).getConnection()) {
                sabotage.spoil(plain);
            }
        }
    }

    private void compare(int database, Global global) throws SQLException {
        for (TableSpec table : scenario.databases().get(database).tables()) {
            List<String> expected = dump(world.twin(database), table);
            List<String> found;
            try (Connection plain = world.plain(database).getConnection()) {
                found = dump(plain, table);
            }
            if (!found.equals(expected)) {
                List<String> missing = new ArrayList<>(expected);
                found.forEach(missing::remove);
                List<String> surplus = new ArrayList<>(found);
                expected.forEach(surplus::remove);
                throw new ProblemException(
                        "After the global " + (global.committed() ? "commit" : "rollback") + " database " + database
                                + ", table " + table.name() + "\n  lacks " + missing + "\n  has     " + surplus
                                + "\n  columns " + expected.get(0) + open(),
                        null);
            }
        }
    }

    private static List<String> dump(Connection connection, TableSpec table) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(table.dump())) {
            return Execution.rows(rows, true);
        }
    }

    // ---------------------------------------------------------------- local transactions

    private void run(Local local) throws SQLException {
        Connection twin = world.twin(local.database());
        clock++;
        try (Connection connection = world.at(local.database()).getConnection()) {
            execute(connection, grammar.sameTime(clock));
            execute(twin, grammar.sameTime(clock));
            if (!local.autoCommit()) {
                connection.setAutoCommit(false);
            }
            Savepoint begin = twin.setSavepoint();
            boolean alive = true;
            for (Step step : local.steps()) {
                alive = alive && run(connection, twin, local, step);
            }
            if (local.autoCommit()) {
                return;
            }
            if (!alive || !local.committed() || !commit(connection)) {
                connection.rollback();
                twin.rollback(begin);
            }
        }
    }

    /** @return false when it was refused */
    private boolean commit(Connection connection) {
        try {
            connection.commit();
            return true;
        } catch (UndoNotEncodableException e) {
            requireUnrestorable(e);
            tally.refusedCommit();
            return false;
        } catch (SQLException e) {
            throw new ProblemException("The local commit failed: " + chain(e), e);
        }
    }

    /** An old value may be one that the database does not take again; any other that cannot be encoded is a fault of ours. */
    private static void requireUnrestorable(UndoNotEncodableException e) {
        if (!String.valueOf(e.getMessage()).contains("cannot get its old value back")) {
            throw new ProblemException("An image cannot be encoded: " + chain(e), e);
        }
    }

    /** @return whether the local transaction can go on */
    private boolean run(Connection connection, Connection twin, Local local, Step step) throws SQLException {
        if (step instanceof Step.Undone undone) {
            Savepoint here = connection.setSavepoint();
            Savepoint there = twin.setSavepoint();
            boolean alive = run(connection, twin, local, undone.step());
            if (alive) {
                connection.rollback(here);
                twin.rollback(there);
            }
            return alive;
        }
        String answer;
        @Nullable SQLException failure = null;
        try {
            answer = Execution.run(connection, step);
        } catch (UndoNotEncodableException e) {
            requireUnrestorable(e);
            tally.refused(step, e);
            return true;
        } catch (StatementRefusedException e) {
            tally.refused(step, e);
            return true;
        } catch (SQLException e) {
            failure = e;
            answer = "failed with " + state(e);
        } catch (RuntimeException e) {
            throw new ProblemException("In " + step.script() + "\n" + chain(e), e);
        }
        Savepoint before = twin.setSavepoint();
        String expected;
        @Nullable SQLException expectedFailure = null;
        try {
            expected = Execution.run(twin, step);
        } catch (SQLException e) {
            expectedFailure = e;
            expected = "failed with " + state(e);
            twin.rollback(before);
        }
        if (!answer.equals(expected)
                && !(failure != null && expectedFailure != null && areOfData(failure, expectedFailure))) {
            throw new ProblemException(
                    "The answer to " + step.script() + "\n  is       " + answer + "\n  and was  " + expected
                            + " without Entente" + (failure == null ? "" : "\n  " + chain(failure))
                            + (expectedFailure == null ? "" : "\n  " + chain(expectedFailure)),
                    failure);
        }
        tally.ran(step, failure == null);
        if (failure == null) {
            return true;
        }
        boolean batch = !(step instanceof Step.Single);
        return local.autoCommit() || !(batch || grammar.failureEndsTransaction());
    }

    private static String state(SQLException e) {
        return String.valueOf(e.getSQLState());
    }

    /** Which of several errors in its data a statement meets first depends on where the rows lie. */
    private static boolean areOfData(SQLException one, SQLException other) {
        return Stream.of(one, other).allMatch(e -> DATA_ERRORS.stream().anyMatch(state(e)::startsWith));
    }

    static String chain(Throwable e) {
        StringBuilder text = new StringBuilder(String.valueOf(e));
        for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
            text.append("\n    caused by ").append(cause);
        }
        return text.toString();
    }

    // ---------------------------------------------------------------- what is left

    private void settle() throws SQLException {
        try {
            await().atMost(SETTLED)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(2))
                    .until(this::isSettled);
        } catch (ConditionTimeoutException e) {
            throw new ProblemException("Left behind:" + open() + ", undo rows " + undoRows(), e);
        }
    }

    private boolean isSettled() throws SQLException {
        boolean open = world.coordinator()
                .coordinator()
                .coordinator()
                .ask(view -> !view.state().transactions().isEmpty()
                        || view.state().locks().size() > 0)
                .join();
        return !open && undoRows() == 0;
    }

    private int undoRows() throws SQLException {
        int count = 0;
        for (int i = 0; i < scenario.databases().size(); i++) {
            try (Connection plain = world.plain(i).getConnection();
                    Statement statement = plain.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT count(*) FROM undo_log WHERE log_status = 0")) {
                rows.next();
                count += rows.getInt(1);
            }
        }
        return count;
    }

    private String open() {
        return world.coordinator()
                .coordinator()
                .coordinator()
                .ask(view -> view.state().transactions().stream()
                        .map(transaction -> "\n  open: " + transaction.phase() + " " + transaction.stuck() + " "
                                + transaction.branches().stream()
                                        .map(branch -> view.lastFailure(branch.id()))
                                        .toList())
                        .toList()
                        .toString())
                .join();
    }
}
