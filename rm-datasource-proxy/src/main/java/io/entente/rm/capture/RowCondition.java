package io.entente.rm.capture;

import io.entente.rm.call.Binding;
import io.entente.rm.call.Call;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.ImageColumns;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Holds for the row that has these values.
 *
 * @param values each a {@link GivenValue.Known}, in the order of {@code columns}
 */
record RowCondition(List<Column> columns, List<GivenValue.Known> values) {

    private static final int PARAMETERS_PER_QUERY = 500;

    /**
     * The rows for which one of the conditions holds, whole, each once.
     *
     * @param locked whether to lock them until the transaction ends
     */
    static RowImage read(
            Table table, List<RowCondition> conditions, boolean locked, CaptureSession session, Call<?> call)
            throws SQLException {
        ImageColumns image = Images.whole(table, session.dialect());
        String from = session.dialect().qualifiedName(table.name());
        String selectList = image.select(session.dialect().starQualifier(table.name()));
        Map<Row, Row> rows = new LinkedHashMap<>();
        RowImage none = new RowImage(table, image.columns(), List.of());
        for (int start = 0; start < conditions.size(); ) {
            int end = start;
            int parameters = 0;
            while (end < conditions.size() && (end == start || parameters < PARAMETERS_PER_QUERY)) {
                parameters += conditions.get(end).columns().size();
                end++;
            }
            List<RowCondition> part = conditions.subList(start, end);
            String condition = sql(part, session.dialect());
            String sql = locked
                    ? session.dialect().lockingQuery(selectList, from, condition)
                    : "SELECT " + selectList + " FROM " + from + " WHERE " + condition;
            try (PreparedStatement query = session.real().prepareStatement(sql)) {
                CaptureSession.limitTime(query, call);
                bind(part, query);
                try (ResultSet result = query.executeQuery()) {
                    for (Row row : image.readAll(result).rows()) {
                        rows.put(none.key(row), row);
                    }
                }
            }
            start = end;
        }
        return none.with(List.copyOf(rows.values()));
    }

    /** The places of the given rows for which none of their conditions holds for a row of the table. */
    static List<Integer> unmet(Table table, List<List<RowCondition>> byRow, CaptureSession session, Call<?> call)
            throws SQLException {
        String from = session.dialect().qualifiedName(table.name());
        List<Integer> unmet = new ArrayList<>();
        for (int row = 0; row < byRow.size(); row++) {
            List<RowCondition> conditions = byRow.get(row);
            String condition = sql(conditions, session.dialect());
            if (!holds("EXISTS (SELECT 1 FROM " + from + " WHERE " + condition + ")", conditions, session, call)) {
                unmet.add(row);
            }
        }
        return unmet;
    }

    /** Whether a row of the table with the other condition's values would have these, to its columns. */
    boolean sameAs(RowCondition other, Table table, CaptureSession session, Call<?> call) throws SQLException {
        if (!columns.equals(other.columns)) {
            return false;
        }
        List<String> parts = new ArrayList<>();
        List<GivenValue.Known> compared = new ArrayList<>();
        for (int i = 0; i < columns.size(); i++) {
            parts.add(same(columns.get(i), values.get(i), other.values.get(i), table, session.dialect()));
            compared.add(values.get(i));
            compared.add(other.values.get(i));
        }
        return holds(String.join(" AND ", parts), List.of(new RowCondition(columns, compared)), session, call);
    }

    private static String same(
            Column column, GivenValue.Known one, GivenValue.Known other, Table table, Dialect dialect) {
        String first = one.stored(column, dialect);
        String second = other.stored(column, dialect);
        return switch (column.folding()) {
            // United with the column, a text is compared as the column's are.
            case CASE, BLANKS ->
                "EXISTS (SELECT 1 FROM (SELECT " + dialect.quote(column.name()) + " AS v FROM "
                        + dialect.qualifiedName(table.name()) + " WHERE 1 = 0 UNION ALL SELECT " + first
                        + ") g WHERE g.v = " + second + ")";
            case EXACT, NUMBER -> "CAST(" + first + " AS BINARY) = CAST(" + second + " AS BINARY)";
        };
    }

    private static boolean holds(String condition, List<RowCondition> parameters, CaptureSession session, Call<?> call)
            throws SQLException {
        try (PreparedStatement query = session.real().prepareStatement("SELECT " + condition)) {
            CaptureSession.limitTime(query, call);
            bind(parameters, query);
            try (ResultSet result = query.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    private static String sql(List<RowCondition> conditions, Dialect dialect) {
        List<String> all = new ArrayList<>();
        for (RowCondition condition : conditions) {
            List<String> parts = new ArrayList<>();
            for (int i = 0; i < condition.columns.size(); i++) {
                Column column = condition.columns.get(i);
                parts.add(dialect.quote(column.name()) + " = "
                        + condition.values.get(i).stored(column, dialect));
            }
            all.add("(" + String.join(" AND ", parts) + ")");
        }
        return String.join(" OR ", all);
    }

    private static void bind(List<RowCondition> conditions, PreparedStatement query) throws SQLException {
        int position = 1;
        for (RowCondition condition : conditions) {
            for (GivenValue.Known value : condition.values) {
                Binding.Setter setter = value.setter();
                if (setter != null) {
                    setter.set(query, position++);
                }
            }
        }
    }
}
