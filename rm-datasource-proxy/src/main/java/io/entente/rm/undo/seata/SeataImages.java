package io.entente.rm.undo.seata;

import io.entente.rm.dialect.ColumnNotCapturableException;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.Change;
import io.entente.rm.image.Row;
import io.entente.rm.image.RowImage;
import io.entente.rm.table.Column;
import io.entente.rm.table.ReferencingKey;
import io.entente.rm.table.Table;
import io.entente.rm.table.TableNotUsableException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes changes of the images in one row of Seata's, with the tables as they are now. */
final class SeataImages {

    private static final Set<String> BRANCH = Set.of("undo.BranchUndoLog");
    private static final Set<String> STATEMENT = Set.of("undo.SQLUndoLog");
    private static final Set<String> RECORDS =
            Set.of("sql.struct.TableRecords", "sql.struct.TableRecords$EmptyTableRecords");
    private static final Set<String> ROW = Set.of("sql.struct.Row");
    private static final Set<String> FIELD = Set.of("sql.struct.Field");

    /** Before 1.2 and since. */
    private static final Set<String> KEY = Set.of("PrimaryKey", "PRIMARY_KEY");

    private static final Set<String> NO_KEY = Set.of("NULL");

    /** A name, in quotes or not, maybe behind the name of its schema. */
    private static final Pattern NAME = Pattern.compile(
            "(?:(?<schema>%1$s)\\.)?(?<table>%1$s)".replace("%1$s", "\"(?:[^\"]|\"\")+\"|`(?:[^`]|``)+`|[^\"`.\\s]+"));

    private final Connection connection;
    private final Dialect dialect;
    private final CapturedValues values;
    private final Map<String, Table> tables = new HashMap<>();

    SeataImages(Connection connection, Dialect dialect) {
        this.connection = connection;
        this.dialect = dialect;
        this.values = new CapturedValues(connection, dialect);
    }

    /** In the order in which they were made. */
    List<Change> read(String xid, long branchId, byte[] content) throws SQLException {
        Bean branch = Bean.of(Json.parse(content), BRANCH, Set.of("xid", "branchId", "sqlUndoLogs"));
        if (!branch.text("xid").equals(xid) || branch.number("branchId") != branchId) {
            throw new SeataRowException("its content is of branch " + branch.number("branchId")
                    + " of global transaction " + branch.text("xid") + ", and not of the branch whose row it is");
        }
        List<Change> changes = new ArrayList<>();
        for (Json statement : branch.list("sqlUndoLogs")) {
            Change change =
                    change(Bean.of(statement, STATEMENT, Set.of("sqlType", "tableName", "beforeImage", "afterImage")));
            if (change != null) {
                changes.add(change);
            }
        }
        if (changes.isEmpty()) {
            throw new SeataRowException("there is no row in it, which Seata does not write");
        }
        return changes;
    }

    private @Nullable Change change(Bean statement) throws SQLException {
        String name = statement.text("tableName");
        String type = statement.text("sqlType");
        try {
            Table table = table(name);
            RowImage before = image(table, statement.value("beforeImage"));
            RowImage after = image(table, statement.value("afterImage"));
            if (before == null && after == null) {
                return null;
            }
            return switch (type) {
                case "INSERT" -> inserted(table, before, after);
                case "DELETE" -> deleted(table, before, after);
                case "UPDATE", "UPDATE_JOIN" -> updated(before, after);
                default -> throw new SeataRowException("this release does not undo its " + type + " on " + name);
            };
        } catch (TableNotUsableException | ColumnNotCapturableException e) {
            throw new SeataRowException("its " + type + " on " + name + " cannot be undone: " + e.getMessage(), e);
        }
    }

    private Table table(String name) throws SQLException {
        Table known = tables.get(name);
        if (known == null) {
            Matcher parts = NAME.matcher(name);
            if (!parts.matches()) {
                throw new SeataRowException("its table name " + name + " is not understood");
            }
            known = dialect.read(connection, dialect.resolve(connection, parts.group("schema"), parts.group("table")));
            tables.put(name, known);
        }
        return known;
    }

    // ---------------------------------------------------------------- the three kinds

    private Change inserted(Table table, @Nullable RowImage before, @Nullable RowImage after) throws SQLException {
        if (before != null || after == null) {
            throw new SeataRowException("its INSERT on " + table.name() + " has not only the rows after it");
        }
        // Rows that others have attached since must be found, or the undo would take them along.
        for (ReferencingKey foreignKey : dialect.referencing(connection, table.name())) {
            for (String column : foreignKey.references()) {
                if (foreignKey.onDelete() && after.table().column(dialect.quote(column)) == null) {
                    throw new SeataRowException("its INSERT on " + table.name() + " lacks the column " + column
                            + ", by which a foreign key of " + foreignKey.child() + " refers to it");
                }
            }
        }
        return Change.inserted(after);
    }

    private static Change deleted(Table table, @Nullable RowImage before, @Nullable RowImage after)
            throws SeataRowException {
        if (before == null || after != null) {
            throw new SeataRowException("its DELETE on " + table.name() + " has not only the rows before it");
        }
        for (Column column : table.columns()) {
            if (!column.generated() && !before.columns().contains(column)) {
                throw new SeataRowException("its DELETE on " + table.name() + " lacks the column " + column.name()
                        + " (invisible, or added since), so that the rows cannot be put back whole");
            }
        }
        return Change.deleted(before);
    }

    /** Seata reads the rows after an UPDATE in any order. Their keys it never lets change. */
    private static Change updated(@Nullable RowImage before, @Nullable RowImage after) throws SeataRowException {
        if (before == null || after == null) {
            throw new SeataRowException("its UPDATE has rows on one side only");
        }
        if (!Set.copyOf(before.columns()).equals(Set.copyOf(after.columns()))) {
            throw new SeataRowException(
                    "its UPDATE of " + before.table().name() + " has other columns before than after");
        }
        Map<Row, Row> left = after.only(before.columns()).byKey();
        List<Row> ordered = new ArrayList<>();
        for (Row key : before.keys()) {
            Row row = left.remove(key);
            if (row == null) {
                throw new SeataRowException(
                        "its UPDATE of " + before.table().name() + " has the row " + key + " only before");
            }
            ordered.add(row);
        }
        if (!left.isEmpty()) {
            throw new SeataRowException(
                    "its UPDATE of " + before.table().name() + " has the rows " + left.keySet() + " only after");
        }
        return Change.updated(before, before.with(ordered), Set.of());
    }

    // ---------------------------------------------------------------- an image

    /** Null: there are no rows. */
    private @Nullable RowImage image(Table table, Json image) throws SQLException {
        if (image instanceof Json.Null) {
            return null;
        }
        Bean records = Bean.of(image, RECORDS, Set.of("tableName", "rows"));
        List<Json> rows = records.list("rows");
        if (rows.isEmpty()) {
            return null;
        }
        List<Column> columns = List.of();
        List<Row> captured = new ArrayList<>();
        for (Json each : rows) {
            Map<Column, Json> fields = fields(table, each);
            if (columns.isEmpty()) {
                columns = List.copyOf(fields.keySet());
            }
            if (!fields.keySet().equals(Set.copyOf(columns))) {
                throw new SeataRowException("its rows of " + table.name() + " have different columns");
            }
            captured.add(row(table, columns, fields));
        }
        RowImage read = new RowImage(new Table(table.name(), columns, table.keyColumns()), columns, captured);
        List<Row> keys = read.keys();
        if (new HashSet<>(keys).size() != keys.size()) {
            throw new SeataRowException("it has a row of " + table.name() + " twice: " + keys);
        }
        return read;
    }

    private Row row(Table table, List<Column> columns, Map<Column, Json> fields) throws SQLException {
        List<@Nullable Object> row = new ArrayList<>();
        for (Column column : columns) {
            try {
                row.add(values.of(table.name(), column, Objects.requireNonNull(fields.get(column))));
            } catch (SeataRowException e) {
                throw e.at(table.name() + "." + column.name());
            }
        }
        return new Row(row);
    }

    /** The row's fields; what the database computes by itself is left out, as nobody writes it back. */
    private static Map<Column, Json> fields(Table table, Json row) throws SeataRowException {
        Map<Column, Json> fields = new LinkedHashMap<>();
        Set<String> key = new HashSet<>();
        for (Json each : Bean.of(row, ROW, Set.of("fields")).list("fields")) {
            Bean field = Bean.of(each, FIELD, Set.of("name", "keyType", "type", "value"));
            String keyType = field.text("keyType");
            if (!KEY.contains(keyType) && !NO_KEY.contains(keyType)) {
                throw new SeataRowException("its key type " + keyType + " is not known");
            }
            Column column = table.column(field.text("name"));
            if (column == null) {
                throw new SeataRowException("the column " + field.text("name") + " of " + table.name()
                        + ", which is in its images, was dropped");
            }
            if (KEY.contains(keyType)) {
                key.add(column.name());
            }
            if (column.generated() && !table.isKey(column)) {
                continue;
            }
            if (fields.put(column, field.value("value")) != null) {
                throw new SeataRowException("it has the column " + column.name() + " of " + table.name() + " twice");
            }
        }
        if (!key.equals(Set.copyOf(table.keyColumns()))) {
            throw new SeataRowException(
                    "its rows of " + table.name() + " have the key " + key + ", the table has " + table.keyColumns());
        }
        return fields;
    }
}
