package io.entente.rm.capture;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.Call;
import io.entente.rm.call.KeyRequest;
import io.entente.rm.call.RowsInMemory;
import io.entente.rm.call.ShownResultSet;
import io.entente.rm.call.StatementRefusedException;
import io.entente.rm.image.Change;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * INSERT where the database does not return the rows, or the application wants the driver's own generated keys: it runs as
 * the application wrote it, and the rows are read by their keys, which are known from the statement's own values or from
 * the generated keys.
 *
 * @param told which generated keys the driver tells
 */
record KeyedInsert(GivenRows rows, KeyRequest keys, Told told) implements CapturePlan {

    /** What a driver tells of the keys of new rows. */
    enum Told {
        /** Any column that it is asked for, for each row. */
        ANY_COLUMN,
        /** The auto-increment column only, and maybe of the first row only. */
        AUTO_INCREMENT,
        /** Any column that it is asked for by name, of an INSERT of one row. */
        ANY_COLUMN_OF_ONE_ROW,
        /** The identity column only, of an INSERT of one row. */
        IDENTITY_OF_ONE_ROW;

        boolean generatedOnly() {
            return this == AUTO_INCREMENT || this == IDENTITY_OF_ONE_ROW;
        }

        boolean ofOneRow() {
            return this == ANY_COLUMN_OF_ONE_ROW || this == IDENTITY_OF_ONE_ROW;
        }
    }

    @Override
    public <T> T execute(Call<T> call, CaptureSession session) throws SQLException {
        call.requireForm(false);
        Table table = rows.table();
        List<RowKeys> given = new ArrayList<>();
        for (Bindings bindings : call.parameters()) {
            given.add(keysGiven(bindings, call));
        }
        List<Column> unknown = unknown(given);
        if (unknown.isEmpty()) {
            Call.Ran<T> ran = session.run(call);
            return session.afterwards(call, () -> {
                captured(call, session, conditions(table, given), ran.total());
                return ran.answer();
            });
        }
        if (keys instanceof KeyRequest.DriversChoice && told == Told.ANY_COLUMN_OF_ONE_ROW) {
            throw new StatementRefusedException(
                    call.sql(),
                    "asked for the keys of its choice, the driver tells no more than the row's address",
                    "name the columns: prepareStatement(sql, new String[] {\""
                            + unknown.get(0).name() + "\"})");
        }
        if (keys instanceof KeyRequest.DriversChoice && !told.ofOneRow()) {
            Call.Ran<T> ran = session.run(call);
            return session.afterwards(call, () -> {
                ResultSet generated = call.statement().getGeneratedKeys();
                complete(given, unknown, told(unknown, generated, List.of()), session);
                if (isRewound(generated)) {
                    int shown = generated.getMetaData().getColumnCount();
                    call.outcome().keepKeys(ShownResultSet.keys(generated, shown, 0));
                }
                captured(call, session, conditions(table, given), ran.total());
                return ran.answer();
            });
        }
        return elsewhere(call, session, given, unknown);
    }

    /** A driver that cannot go back gives the keys anew whenever it is asked. */
    private static boolean isRewound(ResultSet generated) {
        try {
            generated.beforeFirst();
            return true;
        } catch (SQLException e) {
            return false;
        }
    }

    /** Inserts by a statement of our own that asks for the columns the application wants and for the key's. */
    private <T> T elsewhere(Call<T> call, CaptureSession session, List<RowKeys> given, List<Column> unknown)
            throws SQLException {
        List<String> wanted = wanted(call);
        List<String> asked = new ArrayList<>(wanted);
        for (Column column : unknown) {
            if (asked.stream().noneMatch(column.name()::equalsIgnoreCase)) {
                asked.add(column.name());
            }
        }
        String[] names = asked.toArray(String[]::new);
        if (call.isBatch() && told.ofOneRow()) {
            return oneByOne(call, session, given, unknown, names);
        }
        Statement statement = call.bindings() == null
                ? session.real().createStatement()
                : session.real().prepareStatement(call.sql(), names);
        try (CaptureSession.Executed executed = new CaptureSession.Executed(statement, null)) {
            CaptureSession.limitTime(statement, call);
            long[] counts = session.unbroken(call, () -> run(statement, call, names));
            return session.afterwards(call, () -> {
                ResultSet generated = rewindable(statement.getGeneratedKeys());
                if (!(keys instanceof KeyRequest.None)) {
                    executed.giveTo(call.outcome());
                    int all = generated.getMetaData().getColumnCount();
                    int shown = wanted.isEmpty() ? all : Math.min(wanted.size(), all);
                    call.outcome().keepKeys(ShownResultSet.keys(generated, shown, 0));
                }
                complete(given, unknown, told(unknown, generated, asked), session);
                captured(
                        call,
                        session,
                        conditions(rows.table(), given),
                        Arrays.stream(counts).sum());
                return call.elsewhere(counts);
            });
        }
    }

    /** Where the driver tells no keys of a batch, each element is executed by itself. */
    private <T> T oneByOne(
            Call<T> call, CaptureSession session, List<RowKeys> given, List<Column> unknown, String[] names)
            throws SQLException {
        if (!wanted(call).isEmpty()) {
            throw new StatementRefusedException(
                    call.sql(), "the driver tells no generated keys of a batch", "execute it one by one");
        }
        List<List<Object>> all = new ArrayList<>();
        long[] counts = new long[call.parameters().size()];
        try (PreparedStatement statement = session.real().prepareStatement(call.sql(), names)) {
            CaptureSession.limitTime(statement, call);
            for (int i = 0; i < counts.length; i++) {
                Bindings bindings = call.parameters().get(i);
                if (bindings == null) {
                    throw new IllegalStateException("A batch of a statement that is not prepared: " + call.sql());
                }
                counts[i] = session.unbroken(call, () -> {
                    bindings.applyAll(statement);
                    return (long) statement.executeUpdate();
                });
                all.addAll(session.afterwards(call, () -> told(unknown, statement.getGeneratedKeys(), List.of(names))));
            }
            return session.afterwards(call, () -> {
                complete(given, unknown, all, session);
                captured(
                        call,
                        session,
                        conditions(rows.table(), given),
                        Arrays.stream(counts).sum());
                return call.elsewhere(counts);
            });
        }
    }

    private static ResultSet rewindable(ResultSet generated) throws SQLException {
        return isRewound(generated) ? generated : RowsInMemory.of(generated);
    }

    private static long[] run(Statement statement, Call<?> call, String[] names) throws SQLException {
        if (!(statement instanceof PreparedStatement prepared)) {
            return new long[] {statement.executeUpdate(call.sql(), names)};
        }
        for (Bindings bindings : call.parameters()) {
            if (bindings != null) {
                bindings.applyAll(prepared);
            }
            if (call.isBatch()) {
                prepared.addBatch();
            }
        }
        return call.isBatch()
                ? Arrays.stream(prepared.executeBatch()).asLongStream().toArray()
                : new long[] {prepared.executeUpdate()};
    }

    private List<String> wanted(Call<?> call) throws SQLException {
        if (keys instanceof KeyRequest.Names names) {
            return names.columns();
        }
        if (!(keys instanceof KeyRequest.Positions positions)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (int position : positions.columns()) {
            if (position < 1 || position > rows.table().columns().size()) {
                throw new SQLException("Generated keys of column " + position + " were asked for, but table "
                        + rows.table().name() + " has the columns 1 to "
                        + rows.table().columns().size() + ". Statement: " + call.sql());
            }
            names.add(rows.table().columns().get(position - 1).name());
        }
        return names;
    }

    // ---------------------------------------------------------------- the keys

    /**
     * The keys of the rows of one execution.
     *
     * @param byRow for each row the values of the key's columns; a null is one that is not known yet. Empty when only the
     *     database knows how many rows there are
     */
    private record RowKeys(List<List<GivenValue.@Nullable Known>> byRow) {}

    private RowKeys keysGiven(@Nullable Bindings bindings, Call<?> call) throws SQLException {
        List<List<GivenValue.@Nullable Known>> byRow = new ArrayList<>();
        long generated = 0;
        for (int row = 0; row < rows.count(); row++) {
            List<GivenValue.@Nullable Known> values = new ArrayList<>();
            for (Column column : rows.table().key()) {
                GivenValue value = rows.value(row, column, bindings, told == Told.AUTO_INCREMENT);
                values.add(value instanceof GivenValue.Known known ? known : null);
                if (!(value instanceof GivenValue.Known)) {
                    requireTold(column, value, call);
                }
            }
            generated += values.contains(null) ? 1 : 0;
            byRow.add(values);
        }
        if (told.ofOneRow() && generated > 0 && byRow.size() > 1) {
            throw new StatementRefusedException(
                    call.sql(),
                    "it has several rows, and the driver tells the generated key of one at the most",
                    "insert row by row, in a batch for example");
        }
        if (told == Told.AUTO_INCREMENT && generated > 0 && generated < byRow.size()) {
            throw new StatementRefusedException(
                    call.sql(),
                    "some rows have a key of their own and others a generated one",
                    "insert the two kinds with two statements");
        }
        return new RowKeys(byRow);
    }

    private void requireTold(Column column, GivenValue value, Call<?> call) throws StatementRefusedException {
        boolean generated = value instanceof GivenValue.LeftToDatabase && column.autoIncrement();
        if (told.generatedOnly() && !generated) {
            throw new StatementRefusedException(
                    call.sql(),
                    "the value of the key column " + column.name() + " cannot be known after the INSERT",
                    "give " + column.name() + " as a parameter or a literal");
        }
    }

    private List<Column> unknown(List<RowKeys> given) {
        List<Column> key = rows.table().key();
        List<Column> unknown = new ArrayList<>();
        for (int i = 0; i < key.size(); i++) {
            int place = i;
            boolean known = rows.count() >= 0
                    && given.stream()
                            .allMatch(keysOf -> keysOf.byRow().stream().allMatch(values -> values.get(place) != null));
            if (!known) {
                unknown.add(key.get(i));
            }
        }
        return unknown;
    }

    /** Puts the generated values where they were unknown. */
    private void complete(List<RowKeys> given, List<Column> unknown, List<List<Object>> told, CaptureSession session)
            throws SQLException {
        if (rows.count() < 0) {
            given.clear();
            List<List<GivenValue.@Nullable Known>> byRow = new ArrayList<>();
            for (List<Object> values : told) {
                byRow.add(new ArrayList<>(
                        values.stream().map(value -> known(value, session)).toList()));
            }
            given.add(new RowKeys(byRow));
            return;
        }
        int executions = given.size();
        boolean eachRow = told.size() == executions * rows.count();
        if (!eachRow && told.size() != executions) {
            throw new SQLException("the driver tells " + told.size() + " generated keys for "
                    + executions * rows.count() + " inserted rows");
        }
        long step = eachRow ? 0 : session.dialect().autoIncrementStep(session.real());
        for (int e = 0; e < executions; e++) {
            for (int r = 0; r < rows.count(); r++) {
                List<Object> values = told.get(eachRow ? e * rows.count() + r : e);
                List<GivenValue.@Nullable Known> key = given.get(e).byRow().get(r);
                for (int i = 0; i < unknown.size(); i++) {
                    int place = rows.table().key().indexOf(unknown.get(i));
                    if (key.get(place) == null) {
                        Object value = values.get(i);
                        key.set(
                                place,
                                known(eachRow ? value : (Object) (((Number) value).longValue() + r * step), session));
                    }
                }
            }
        }
    }

    /** @param asked the columns that were asked for, in order, when there are such */
    private static List<List<Object>> told(List<Column> unknown, ResultSet generated, List<String> asked)
            throws SQLException {
        List<Integer> places = new ArrayList<>();
        for (Column column : unknown) {
            places.add(place(column, generated, asked));
        }
        List<List<Object>> told = new ArrayList<>();
        while (generated.next()) {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                Object value = generated.getObject(places.get(i));
                if (value == null) {
                    throw new SQLException("the driver does not tell the generated value of the key column "
                            + unknown.get(i).name());
                }
                values.add(value);
            }
            told.add(values);
        }
        return told;
    }

    private static int place(Column column, ResultSet generated, List<String> asked) throws SQLException {
        int columns = generated.getMetaData().getColumnCount();
        for (int i = 1; i <= columns; i++) {
            if (generated.getMetaData().getColumnName(i).equalsIgnoreCase(column.name())) {
                return i;
            }
        }
        if (columns == 1) {
            // The drivers of MySQL and SQL Server have names of their own for it.
            return 1;
        }
        for (int i = 0; columns == asked.size() && i < columns; i++) {
            if (asked.get(i).equalsIgnoreCase(column.name())) {
                return i + 1;
            }
        }
        throw new SQLException("the driver does not tell the generated value of the key column " + column.name());
    }

    private static GivenValue.Known known(Object value, CaptureSession session) {
        return new GivenValue.Known(
                "?",
                value instanceof String text
                        ? (statement, at) -> session.dialect().bindComparedText(statement, at, text)
                        : (statement, at) -> statement.setObject(at, value),
                value instanceof String text ? text : null);
    }

    private static List<RowCondition> conditions(Table table, List<RowKeys> given) {
        List<RowCondition> conditions = new ArrayList<>();
        for (RowKeys keysOf : given) {
            for (List<GivenValue.@Nullable Known> values : keysOf.byRow()) {
                List<GivenValue.Known> known = new ArrayList<>();
                for (GivenValue.Known value : values) {
                    if (value != null) {
                        known.add(value);
                    }
                }
                conditions.add(new RowCondition(table.key(), known));
            }
        }
        return conditions;
    }

    private void captured(Call<?> call, CaptureSession session, List<RowCondition> conditions, long count)
            throws SQLException {
        RowImage after = RowCondition.read(rows.table(), conditions, false, session, call);
        boolean counted = count == Statement.SUCCESS_NO_INFO || count == conditions.size();
        if (!counted || after.rows().size() != conditions.size()) {
            throw new SQLException("it has " + conditions.size() + " rows of values and says it inserted " + count
                    + ", but " + after.rows().size() + " rows of "
                    + rows.table().name()
                    + " are found under their keys");
        }
        if (!after.rows().isEmpty()) {
            session.record(Change.inserted(after));
        }
    }
}
