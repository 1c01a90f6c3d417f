package io.entente.rm.jdbc;

import io.entente.rm.dialect.MySql;
import io.entente.rm.image.Change;
import io.entente.rm.image.ImageReader;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.image.StaleTableException;
import io.entente.rm.sql.RecognizedSql.Insert;
import io.entente.rm.sql.RecognizedSql.TableReference;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/**
 * INSERT: executes, then reads the new rows by their keys. A key is known from the statement's own parameters and
 * literals, else from the driver's generated keys; while the application still gets the generated keys it asked for.
 */
final class InsertCapture {

    private final Capture capture;

    InsertCapture(Capture capture) {
        this.capture = capture;
    }

    <T> T execute(Insert insert, Call<T> call) throws SQLException {
        Table table = capture.table(insert.table());
        InsertKeys keys = InsertKeys.of(table, insert, call, isMySql());
        if (keys.allKnown()) {
            T result = call.plain().run();
            if (call.kept().isCollecting() && !(call.keys() instanceof KeyRequest.None)) {
                keepDriversKeys(call);
            }
            return captured(insert, table, keys, result, call);
        }
        if (call.keys() instanceof KeyRequest.DriversChoice) {
            T result = call.plain().run();
            return captured(insert, table, withGenerated(keys, keepDriversKeys(call), call), result, call);
        }
        KeptKeys generated = insertElsewhere(table, keys, call);
        T result = call.ofCount().of(call.kept().updateCount());
        return captured(insert, table, withGenerated(keys, generated, call), result, call);
    }

    private boolean isMySql() {
        return capture.at().dialect() instanceof MySql;
    }

    private KeptKeys keepDriversKeys(Call<?> call) throws SQLException {
        try (ResultSet keys = call.statement().getGeneratedKeys()) {
            KeptKeys read = KeptKeys.read(keys);
            call.kept().keep(read);
            return read;
        } catch (SQLException | RuntimeException e) {
            throw capture.broken(call, "its generated keys cannot be read: " + e.getMessage(), e);
        }
    }

    /** Inserts by a statement of our own that asks for the columns the application wants and for the key's. */
    private KeptKeys insertElsewhere(Table table, InsertKeys keys, Call<?> call) throws SQLException {
        List<String> wanted = requested(table, call);
        List<String> columns = new ArrayList<>(wanted);
        for (String missing : keys.unknownColumns()) {
            if (columns.stream().noneMatch(missing::equalsIgnoreCase)) {
                columns.add(missing);
            }
        }
        String[] names = columns.toArray(String[]::new);
        Bindings bindings = call.bindings();
        int timeout = call.statement().getQueryTimeout();
        if (bindings == null) {
            try (Statement statement = capture.real().createStatement()) {
                statement.setQueryTimeout(timeout);
                long count = statement.executeUpdate(call.sql(), names);
                return insertedElsewhere(statement, count, wanted.size(), call);
            }
        }
        try (PreparedStatement statement = capture.real().prepareStatement(call.sql(), names)) {
            statement.setQueryTimeout(timeout);
            bindings.applyAll(statement);
            long count = statement.executeUpdate();
            return insertedElsewhere(statement, count, wanted.size(), call);
        }
    }

    private KeptKeys insertedElsewhere(Statement statement, long count, int wanted, Call<?> call) throws SQLException {
        call.kept().ranElsewhere(count);
        try (ResultSet keys = statement.getGeneratedKeys()) {
            KeptKeys generated = KeptKeys.read(keys);
            if (wanted > 0) {
                // MySQL's drivers answer with one column whatever is asked for.
                call.kept().keep(wanted < generated.columns().size() ? generated.first(wanted) : generated);
            }
            return generated;
        } catch (SQLException | RuntimeException e) {
            throw capture.broken(call, "its generated keys cannot be read: " + e.getMessage(), e);
        }
    }

    private static List<String> requested(Table table, Call<?> call) throws SQLException {
        if (call.keys() instanceof KeyRequest.Names names) {
            return names.columns();
        }
        if (!(call.keys() instanceof KeyRequest.Positions positions)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        for (int position : positions.columns()) {
            if (position < 1 || position > table.columns().size()) {
                throw new SQLException(
                        "Generated keys of column " + position + " were asked for, but table " + table.name()
                                + " has the columns 1 to " + table.columns().size() + ".");
            }
            names.add(table.columns().get(position - 1).name());
        }
        return names;
    }

    private InsertKeys withGenerated(InsertKeys keys, KeptKeys generated, Call<?> call) throws SQLException {
        try {
            long step = 1;
            if (isMySql() && generated.rows().size() == 1 && keys.size() > 1) {
                step = autoIncrementStep();
            }
            return keys.withGenerated(generated, step);
        } catch (SQLException | RuntimeException e) {
            throw capture.broken(call, String.valueOf(e.getMessage()), e);
        }
    }

    private long autoIncrementStep() throws SQLException {
        try (Statement query = capture.real().createStatement();
                ResultSet step = query.executeQuery("SELECT @@auto_increment_increment")) {
            step.next();
            return step.getLong(1);
        }
    }

    private <T> T captured(Insert insert, Table table, InsertKeys keys, T result, Call<T> call) throws SQLException {
        try {
            long count = capture.count(call, result);
            RowImage after = read(insert.table(), table, keys);
            if (count != keys.size() || after.rows().size() != keys.size()) {
                throw new SQLException("it has " + keys.size() + " rows of values and says it inserted " + count
                        + ", but " + after.rows().size() + " rows of " + table.name() + " are found under their keys");
            }
            capture.record(new Change(Change.Kind.INSERT, after.table(), RowImage.empty(after.table()), after));
        } catch (SQLException | RuntimeException e) {
            throw capture.broken(call, String.valueOf(e.getMessage()), e);
        }
        return result;
    }

    private RowImage read(TableReference reference, Table table, InsertKeys keys) throws SQLException {
        try {
            return read(table, keys);
        } catch (StaleTableException stale) {
            return read(capture.refreshed(reference), keys);
        }
    }

    private RowImage read(Table table, InsertKeys keys) throws SQLException {
        List<Column> columns = table.columns();
        RowImage image = new RowImage(table, columns, List.of());
        for (InsertKeys part : keys.parts()) {
            String sql = "SELECT " + capture.at().dialect().selectList(table, columns) + " FROM "
                    + capture.at().dialect().qualifiedName(table.name()) + " WHERE "
                    + part.predicate(capture.at().dialect());
            try (PreparedStatement query = capture.real().prepareStatement(sql)) {
                part.bind(query);
                try (ResultSet rows = query.executeQuery()) {
                    image = joined(
                            image,
                            ImageReader.read(table, columns, rows, capture.at().dialect()));
                }
            }
        }
        return image;
    }

    private static RowImage joined(RowImage one, RowImage other) {
        List<Row> rows = new ArrayList<>(one.rows());
        rows.addAll(other.rows());
        return new RowImage(one.table(), one.columns(), rows);
    }
}
