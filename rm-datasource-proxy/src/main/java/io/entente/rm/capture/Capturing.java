package io.entente.rm.capture;

import io.entente.rm.call.KeyRequest;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.table.TableDefinition;
import io.entente.rm.table.TableMetadata;
import io.entente.rm.table.TableName;
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
    private final Set<String> unseenEffectsAllowed;
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
     *     triggers and foreign keys write besides is its own affair
     */
    public Capturing(Dialect dialect, TableMetadata tables, Set<String> unseenEffectsAllowed) {
        this.dialect = dialect;
        this.tables = tables;
        this.unseenEffectsAllowed = unseenEffectsAllowed.stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .collect(Collectors.toUnmodifiableSet());
    }

    public Dialect dialect() {
        return dialect;
    }

    public TableMetadata tables() {
        return tables;
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
