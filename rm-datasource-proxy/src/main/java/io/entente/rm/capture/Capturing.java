package io.entente.rm.capture;

import io.entente.rm.call.KeyRequest;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.sql.Directive;
import io.entente.rm.sql.Recognition;
import io.entente.rm.table.TableDefinition;
import io.entente.rm.table.TableMetadata;
import io.entente.rm.table.TableName;
import io.entente.rm.table.UserFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What all connections of one data source share for capturing. Thread-safe. */
public final class Capturing {

    /** Statements with thousands of different texts shall not fill the memory with plans. */
    private static final int MOST_PLANS = 2_048;

    private final Dialect dialect;
    private final TableMetadata tables;
    private final UserFunctions functions;
    private final ReadableTables readable;
    private final Set<String> unseenEffectsAllowed;
    private final boolean incrementLocks;
    private final Map<String, Planned> plans = new ConcurrentHashMap<>();

    /** A plan and what it was made for. */
    private record Planned(
            List<TableDefinition> definitions, KeyRequest keys, boolean unseenEffects, CapturePlan plan) {

        @SuppressWarnings("ReferenceEquality") // The metadata gives out the same object as long as nothing has changed.
        boolean fits(List<TableDefinition> now, KeyRequest wanted, boolean allowed) {
            if (allowed != unseenEffects || !wanted.equals(keys) || now.size() != definitions.size()) {
                return false;
            }
            for (int i = 0; i < now.size(); i++) {
                if (now.get(i) != definitions.get(i)) {
                    return false;
                }
            }
            return true;
        }
    }

    /**
     * @param unseenEffectsAllowed tables, with or without their schema, of which the application says that what their
     *     triggers and foreign keys write besides is its own affair, and functions of which it says the same
     * @param incrementLocks whether rows that a statement only adds to are locked so that others may add to them too
     */
    public Capturing(
            Dialect dialect,
            TableMetadata tables,
            UserFunctions functions,
            ReadableTables readable,
            Set<String> unseenEffectsAllowed,
            boolean incrementLocks) {
        this.dialect = dialect;
        this.tables = tables;
        this.functions = functions;
        this.readable = readable;
        this.incrementLocks = incrementLocks;
        this.unseenEffectsAllowed = unseenEffectsAllowed.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    public Dialect dialect() {
        return dialect;
    }

    /** Whether rows that are only added to may be shared with others who do the same. */
    boolean incrementLocks() {
        return incrementLocks;
    }

    public TableMetadata tables() {
        return tables;
    }

    /**
     * Refuses a statement for the functions that it calls, and for the views that call some.
     *
     * @throws StatementRefusedException one of them may write
     */
    public void requireNoUnseenWriter(Connection connection, String sql, Recognition recognized) throws SQLException {
        String function = functions.among(connection, recognized.called(), unseenEffectsAllowed);
        if (function != null) {
            throw new StatementRefusedException(
                    sql,
                    "it calls the function " + function + ", which may write rows that cannot be seen",
                    declaringThatNothingIsWritten());
        }
        String relation = functions.relationAmong(connection, recognized.named(), unseenEffectsAllowed);
        if (relation != null) {
            throw new StatementRefusedException(
                    sql,
                    "it names " + relation + ", and to read that calls a function or runs a trigger that may write rows"
                            + " that cannot be seen",
                    declaringThatNothingIsWritten());
        }
    }

    /** The remedy for what a table calls itself. */
    String declaringThatNothingIsWritten() {
        return dialect.declaringThatNothingIsWritten() + allowance();
    }

    private static String allowance() {
        return ", or, when nobody has to undo what it writes, name it in entente.at.allow-unseen-effects or write "
                + Directive.UNSEEN_EFFECTS.text() + " into the statement";
    }

    boolean allowsUnseenEffectsOf(String function) {
        return unseenEffectsAllowed.contains(function);
    }

    /** What is known of tables for those who only read. */
    ReadableTables readable() {
        return readable;
    }

    /** The function among those called that may read tables unseen; null when there is none. */
    @Nullable
    String readingFunction(Connection connection, Set<String> called) throws SQLException {
        return readable.functions().among(connection, called, unseenEffectsAllowed);
    }

    boolean allowsUnseenEffects(TableName table) {
        return !unseenEffectsAllowed.isEmpty()
                && (unseenEffectsAllowed.contains(table.name().toLowerCase(Locale.ROOT))
                        || unseenEffectsAllowed.contains(table.toString().toLowerCase(Locale.ROOT)));
    }

    @Nullable
    CapturePlan plan(String sql, List<TableDefinition> definitions, KeyRequest keys, boolean unseenEffects) {
        Planned planned = plans.get(sql);
        return planned != null && planned.fits(definitions, keys, unseenEffects) ? planned.plan() : null;
    }

    void keepPlan(
            String sql, List<TableDefinition> definitions, KeyRequest keys, boolean unseenEffects, CapturePlan plan) {
        if (plans.size() >= MOST_PLANS) {
            plans.clear();
        }
        plans.put(sql, new Planned(definitions, keys, unseenEffects, plan));
    }
}
