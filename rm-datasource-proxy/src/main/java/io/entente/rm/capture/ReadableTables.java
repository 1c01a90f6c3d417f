package io.entente.rm.capture;

import io.entente.rm.sql.TableReference;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableMetadata;
import io.entente.rm.table.TableNotUsableException;
import io.entente.rm.table.UserFunctions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one data source as far as those see them who only read: some that cannot take part in global transactions can
 * be read without a question. Thread-safe.
 */
public final class ReadableTables {

    private static final int MOST_UNTOUCHED = 1_024;

    private final TableMetadata tables;
    private final UserFunctions functions;
    private final long lifetimeNanos;
    private final LongSupplier nanoTime;
    /** When it was found out that no global transaction changes them. */
    private final Map<Name, Long> untouched = new ConcurrentHashMap<>();

    private record Name(String scope, @Nullable String schema, String name) {}

    /**
     * @param functions those that may read tables
     * @param lifetime how long an answer of the catalog is believed
     * @param nanoTime a clock as {@link System#nanoTime}
     */
    public ReadableTables(TableMetadata tables, UserFunctions functions, Duration lifetime, LongSupplier nanoTime) {
        this.tables = tables;
        this.functions = functions;
        this.lifetimeNanos = lifetime.toNanos();
        this.nanoTime = nanoTime;
    }

    UserFunctions functions() {
        return functions;
    }

    /**
     * The table; null when no global transaction can have changed it.
     *
     * @throws TableNotUsableException it is not known which tables are read by this name
     */
    @Nullable
    Table table(Connection connection, String scope, TableReference reference) throws SQLException {
        Name name = new Name(scope, reference.schema(), reference.name());
        Long known = untouched.get(name);
        if (known != null && nanoTime.getAsLong() - known < lifetimeNanos) {
            return null;
        }
        long askedAt = nanoTime.getAsLong();
        try {
            Table table = tables.table(connection, scope, reference.schema(), reference.name())
                    .table();
            untouched.remove(name);
            return table;
        } catch (TableNotUsableException e) {
            if (!e.isUntouched()) {
                throw e;
            }
            if (untouched.size() >= MOST_UNTOUCHED) {
                untouched.clear();
            }
            untouched.put(name, askedAt);
            return null;
        }
    }
}
