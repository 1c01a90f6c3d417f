package io.entente.rm.jdbc;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.InsertValue;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.math.BigDecimal;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The keys of the rows an INSERT makes, as far as they are known.
 *
 * @param key the key's columns
 * @param rows per row and key column the value
 */
record InsertKeys(List<Column> key, List<List<KeyValue>> rows) {

    /** Keeps statements small and far from every driver's limit of parameters. */
    private static final int PARAMETERS_PER_QUERY = 500;

    /** One value of a key. */
    private sealed interface KeyValue {

        /** As the statement has it. */
        record Text(String sql) implements KeyValue {}

        record Parameter(Binding.Setter setter) implements KeyValue {}

        /** To be found among the generated keys. */
        record Unknown() implements KeyValue {}
    }

    /** @throws StatementRefusedException a key cannot be known afterwards either */
    static InsertKeys of(Table table, Insert insert, Call<?> call, boolean mySql) throws SQLException {
        List<Column> key = table.key();
        List<List<KeyValue>> rows = new ArrayList<>();
        for (List<InsertValue> row : insert.rows()) {
            List<KeyValue> values = new ArrayList<>();
            for (Column column : key) {
                int position = position(table, insert.columns(), column);
                @Nullable InsertValue given = position >= 0 && position < row.size() ? row.get(position) : null;
                values.add(value(column, given, call, mySql));
                if (mySql && values.get(values.size() - 1) instanceof KeyValue.Unknown) {
                    requireAutoIncrement(column, given, call);
                }
            }
            rows.add(values);
        }
        InsertKeys keys = new InsertKeys(key, rows);
        if (mySql) {
            keys.requireAllOrNoneUnknown(call);
        }
        return keys;
    }

    private static int position(Table table, @Nullable List<String> columns, Column column) {
        if (columns == null) {
            return table.columns().stream().filter(c -> !c.invisible()).toList().indexOf(column);
        }
        for (int i = 0; i < columns.size(); i++) {
            if (column.equals(table.column(columns.get(i)))) {
                return i;
            }
        }
        return -1;
    }

    private static KeyValue value(Column column, @Nullable InsertValue given, Call<?> call, boolean mySql)
            throws SQLException {
        if (given instanceof InsertValue.Literal literal) {
            return mySql && column.autoIncrement() && isZero(literal.text())
                    ? new KeyValue.Unknown()
                    : new KeyValue.Text(literal.text());
        }
        Bindings bindings = call.bindings();
        if (given instanceof InsertValue.Parameter parameter && bindings != null) {
            Binding binding = bindings.get(parameter.number());
            boolean generated = binding.value() == null
                    || (mySql
                            && column.autoIncrement()
                            && isZero(binding.value().toString()));
            return generated ? new KeyValue.Unknown() : new KeyValue.Parameter(binding.setter());
        }
        return new KeyValue.Unknown();
    }

    private static boolean isZero(String number) {
        try {
            return new BigDecimal(number.strip()).signum() == 0;
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** MySQL and MariaDB tell no generated value but that of the AUTO_INCREMENT column. */
    private static void requireAutoIncrement(Column column, @Nullable InsertValue given, Call<?> call)
            throws StatementRefusedException {
        boolean computed = given instanceof InsertValue.Expression || given instanceof InsertValue.Parameter;
        boolean nullParameter = given instanceof InsertValue.Parameter;
        if (!column.autoIncrement() || (computed && !nullParameter)) {
            throw new StatementRefusedException(
                    call.sql(),
                    "the value of the key column " + column.name() + " cannot be known after the INSERT",
                    "give " + column.name() + " as a parameter or a literal");
        }
    }

    private void requireAllOrNoneUnknown(Call<?> call) throws StatementRefusedException {
        long unknown = rows.stream().filter(InsertKeys::hasUnknown).count();
        if (unknown > 0 && unknown < rows.size()) {
            throw new StatementRefusedException(
                    call.sql(),
                    "some rows have a key of their own and others a generated one",
                    "insert the two kinds with two statements");
        }
    }

    private static boolean hasUnknown(List<KeyValue> row) {
        return row.stream().anyMatch(KeyValue.Unknown.class::isInstance);
    }

    int size() {
        return rows.size();
    }

    boolean allKnown() {
        return rows.stream().noneMatch(InsertKeys::hasUnknown);
    }

    /** Names of the key columns that at least one row leaves to the database. */
    List<String> unknownColumns() {
        List<String> unknown = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            int column = i;
            if (rows.stream().anyMatch(row -> row.get(column) instanceof KeyValue.Unknown)) {
                unknown.add(key.get(i).name());
            }
        }
        return unknown;
    }

    /**
     * The same keys, completed.
     *
     * @param generated the driver's answer: a row per inserted row, or the first one only
     * @param step distance of one generated number to the next where only the first one is told
     */
    InsertKeys withGenerated(KeptKeys generated, long step) throws SQLException {
        boolean firstOnly = generated.rows().size() == 1 && rows.size() > 1;
        if (generated.rows().size() != rows.size() && !firstOnly) {
            throw new SQLException("the driver tells " + generated.rows().size() + " generated keys for " + rows.size()
                    + " inserted rows");
        }
        List<List<KeyValue>> completed = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<KeyValue> values = new ArrayList<>();
            for (int k = 0; k < key.size(); k++) {
                KeyValue value = rows.get(i).get(k);
                if (value instanceof KeyValue.Unknown) {
                    Object told = told(generated, firstOnly ? 0 : i, key.get(k));
                    value = parameter(firstOnly ? ((Number) told).longValue() + i * step : told);
                }
                values.add(value);
            }
            completed.add(values);
        }
        return new InsertKeys(key, completed);
    }

    private Object told(KeptKeys generated, int row, Column column) throws SQLException {
        int position = generated.position(column.name());
        if (position < 0 && generated.columns().size() == 1) {
            // MySQL's drivers have a name of their own for it.
            position = 0;
        }
        Object value = position < 0 ? null : generated.rows().get(row).get(position);
        if (value == null) {
            throw new SQLException("the driver does not tell the generated value of the key column " + column.name());
        }
        return value;
    }

    private static KeyValue parameter(Object value) {
        return new KeyValue.Parameter(
                value instanceof String
                        // Lets PostgreSQL take the column's type; the others know the string anyway.
                        ? (statement, at) -> statement.setObject(at, value, Types.OTHER)
                        : (statement, at) -> statement.setObject(at, value));
    }

    /** The same keys in portions for one query each. */
    List<InsertKeys> parts() {
        int chunk = Math.max(1, PARAMETERS_PER_QUERY / key.size());
        List<InsertKeys> parts = new ArrayList<>();
        for (int from = 0; from < rows.size(); from += chunk) {
            parts.add(new InsertKeys(key, rows.subList(from, Math.min(rows.size(), from + chunk))));
        }
        return parts;
    }

    /** A condition that holds for the rows with these keys. */
    String predicate(Dialect dialect) {
        List<String> conditions = new ArrayList<>();
        for (List<KeyValue> row : rows) {
            List<String> columns = new ArrayList<>();
            for (int k = 0; k < key.size(); k++) {
                columns.add(dialect.quote(key.get(k).name()) + " = " + sql(row.get(k)));
            }
            conditions.add("(" + String.join(" AND ", columns) + ")");
        }
        return String.join(" OR ", conditions);
    }

    private static String sql(KeyValue value) {
        return value instanceof KeyValue.Text text ? text.sql() : "?";
    }

    void bind(PreparedStatement statement) throws SQLException {
        int at = 1;
        for (List<KeyValue> row : rows) {
            for (KeyValue value : row) {
                if (value instanceof KeyValue.Parameter parameter) {
                    parameter.setter().set(statement, at++);
                }
            }
        }
    }
}
