package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.dialect.ValueKind;
import io.entente.rm.image.LockKeys;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.sql.Reads;
import io.entente.rm.sql.Recognition;
import io.entente.rm.sql.RecognizedSql;
import io.entente.rm.sql.RecognizedSql.LockingRead;
import io.entente.rm.sql.RecognizedSql.PlainRead;
import io.entente.rm.sql.RecognizedSql.Script;
import io.entente.rm.sql.RecognizedSql.Uncaptured;
import io.entente.rm.sql.RowSelection;
import io.entente.rm.sql.SqlRecognizer;
import io.entente.rm.sql.SqlValue;
import io.entente.rm.sql.TableReference;
import io.entente.rm.table.Column;
import io.entente.rm.table.Identifier;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableNotUsableException;
import java.math.BigDecimal;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What has to be asked about a query before its result may be shown as committed: about one row where it names the row's
 * whole key, else about its tables, because changes may also have hidden rows from it.
 *
 * @param tables as lock keys name them
 * @param lockKey of the one row; empty when there is none
 */
public record ReadQuestion(List<String> tables, String lockKey) {

    /** Asks for nothing. */
    public static final ReadQuestion NONE = new ReadQuestion(List.of(), "");

    private static final Set<String> OF_THE_DATABASE =
            Set.of("information_schema", "pg_catalog", "mysql", "performance_schema", "sys");

    private static final Pattern PLAIN_STRING = Pattern.compile("'[^'\\\\]*'");

    public ReadQuestion {
        tables = List.copyOf(tables);
    }

    /** Whether it reads nothing that a global transaction may change. */
    public boolean isEmpty() {
        return tables.isEmpty() && lockKey.isEmpty();
    }

    /**
     * Of one execution of a statement. One that changes rows or locks them is captured as ever, and has nothing to ask; but it
     * must not take values from rows of others.
     *
     * @param scope what unqualified names mean
     * @throws StatementRefusedException it cannot be told what it reads
     */
    public static ReadQuestion of(
            Capturing at, Connection real, String scope, Call<?> call, Recognition recognized, SqlRecognizer recognizer)
            throws SQLException {
        RecognizedSql statement = recognized.statement();
        if (statement instanceof Uncaptured || statement instanceof RecognizedSql.Refused) {
            return NONE;
        }
        Reads reads = recognizer.reads(call.sql());
        String function = at.readingFunction(real, recognized.called());
        if (function != null) {
            throw refused(
                    call.sql(), "the function " + function + " may read rows that cannot be seen", "query its tables");
        }
        if (reads.problem() != null) {
            throw refused(call.sql(), reads.problem().reason(), reads.problem().remedy());
        }
        if (statement instanceof PlainRead) {
            return ofQuery(at, real, scope, call, reads);
        }
        boolean reliesOnOthers = statement instanceof LockingRead locking
                ? reads.tables().size() > locking.tables().size()
                : reads.derivesChanges()
                        || (statement instanceof Script && !reads.tables().isEmpty());
        if (reliesOnOthers) {
            throw refused(
                    call.sql(),
                    "what it does depends on rows that it does not lock, and that may not be committed",
                    "read these rows with a query of their own, and give it their values as parameters");
        }
        return NONE;
    }

    private static ReadQuestion ofQuery(Capturing at, Connection real, String scope, Call<?> call, Reads reads)
            throws SQLException {
        Set<String> names = new LinkedHashSet<>();
        for (TableReference reference : reads.tables()) {
            Table table = table(at, real, scope, call.sql(), reference);
            if (table == null) {
                continue;
            }
            String row = reads.only() == null || call.isBatch()
                    ? null
                    : row(table, reads.only(), call.bindings(), at.dialect());
            if (row != null) {
                return new ReadQuestion(List.of(), row);
            }
            names.add(LockKeys.table(table));
        }
        return new ReadQuestion(List.copyOf(names), "");
    }

    private static @Nullable Table table(
            Capturing at, Connection real, String scope, String sql, TableReference reference) throws SQLException {
        String schema = reference.schema();
        if (schema != null
                && OF_THE_DATABASE.contains(Identifier.parse(schema).text().toLowerCase(Locale.ROOT))) {
            return null;
        }
        try {
            return at.readable().table(real, scope, reference);
        } catch (TableNotUsableException e) {
            throw refused(
                    sql,
                    "it is not known whose rows it reads, as " + e.reason().replaceFirst("cannot take part, ", ": "),
                    "query the tables themselves");
        }
    }

    /** The refusal of what cannot be told to be committed. */
    public static StatementRefusedException refused(String sql, String reason, String remedy) {
        return new StatementRefusedException(
                sql,
                "its isolation is READ_COMMITTED, and " + reason,
                remedy + ", or execute it with isolation READ_UNCOMMITTED");
    }

    /** The lock key of the only row that the condition can be true of; null when there may be others. */
    private static @Nullable String row(
            Table table, List<RowSelection.Fixed> fixed, @Nullable Bindings bindings, Dialect dialect)
            throws SQLException {
        List<@Nullable Object> key = new ArrayList<>();
        for (Column column : table.key()) {
            Object value = null;
            for (RowSelection.Fixed each : fixed) {
                if (value == null && column.equals(table.column(each.column()))) {
                    value = stored(column, each.value(), bindings, dialect);
                }
            }
            if (value == null) {
                return null;
            }
            key.add(value);
        }
        return LockKeys.of(new RowImage(table, table.key(), List.of(new Row(key))));
    }

    /** The value as it is captured from the column, where equal values have one lock key for certain; else null. */
    private static @Nullable Object stored(Column column, SqlValue given, @Nullable Bindings bindings, Dialect dialect)
            throws SQLException {
        ValueKind kind = dialect.access(column).kind();
        if (kind == ValueKind.DECIMAL) {
            return Derivation.certain(column, given, bindings, dialect);
        }
        if (kind == ValueKind.INTEGER) {
            // One that the column cannot hold is no row's key.
            return whole(Derivation.exact(Derivation.given(given, bindings)));
        }
        Object value = given instanceof SqlValue.Literal literal
                ? ofLiteral(literal.text())
                : Derivation.given(given, bindings);
        String type = column.typeName().toLowerCase(Locale.ROOT);
        if (kind == ValueKind.TEXT && type.equals("uuid")) {
            return value instanceof UUID uuid ? uuid.toString() : null;
        }
        boolean text = kind == ValueKind.TEXT && (type.contains("char") || type.contains("text"));
        // Under a collation that takes more for one than is known, nobody knows the name of the lock.
        boolean told = column.folding() == Column.Folding.EXACT || column.folding() == Column.Folding.BLANKS;
        return text && told && value instanceof String ? value : null;
    }

    private static @Nullable Long whole(@Nullable BigDecimal number) {
        try {
            return number == null ? null : number.longValueExact();
        } catch (ArithmeticException e) {
            return null;
        }
    }

    private static @Nullable String ofLiteral(String text) {
        return PLAIN_STRING.matcher(text).matches() ? text.substring(1, text.length() - 1) : null;
    }
}
