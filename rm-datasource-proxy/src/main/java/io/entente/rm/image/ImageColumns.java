package io.entente.rm.image;

import io.entente.rm.dialect.ColumnAccess;
import io.entente.rm.dialect.ColumnNotCapturableException;
import io.entente.rm.dialect.Dialect;
import io.entente.rm.table.Column;
import io.entente.rm.table.Table;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Columns of a table as a query asks for them and as its result is read, each with the expression and the getter that
 * its native type needs.
 *
 * <p>All columns of a table are asked for with {@code *}: the database then tells which columns the table really has, so
 * that a column added since the metadata was cached is noticed instead of being lost by the undo of a DELETE. Columns
 * that need an expression or are invisible follow, in order.
 */
public final class ImageColumns {

    private final Table table;
    private final List<Column> columns;
    private final Dialect dialect;
    private final List<ColumnAccess> accesses = new ArrayList<>();
    /** The names that the star stands for; empty without one. */
    private final List<String> starred = new ArrayList<>();
    /** For each column its place among the result's columns, counted from 0. */
    private final int[] places;

    private final int width;

    private ImageColumns(Table table, List<Column> columns, Dialect dialect, boolean star)
            throws ColumnNotCapturableException {
        this.table = table;
        this.columns = List.copyOf(columns);
        this.dialect = dialect;
        this.places = new int[columns.size()];
        for (Column column : columns) {
            accesses.add(dialect.access(column));
            if (star && !column.invisible()) {
                starred.add(column.name());
            }
        }
        int inStar = 0;
        int behind = starred.size();
        for (int i = 0; i < places.length; i++) {
            boolean visible = star && !columns.get(i).invisible();
            places[i] = visible && accesses.get(i).plain() ? inStar : behind++;
            inStar += visible ? 1 : 0;
        }
        width = behind;
    }

    /**
     * These columns, or with a star when they are all of the table's.
     *
     * @throws ColumnNotCapturableException a column's type cannot be captured
     */
    public static ImageColumns of(Table table, List<Column> columns, Dialect dialect)
            throws ColumnNotCapturableException {
        return new ImageColumns(table, columns, dialect, columns.equals(table.columns()));
    }

    /**
     * These columns by name, also when they are all: for where a star may not stand.
     *
     * @throws ColumnNotCapturableException a column's type cannot be captured
     */
    public static ImageColumns named(Table table, List<Column> columns, Dialect dialect)
            throws ColumnNotCapturableException {
        return new ImageColumns(table, columns, dialect, false);
    }

    public Table table() {
        return table;
    }

    public List<Column> columns() {
        return columns;
    }

    /** How many columns of a result they take. */
    public int width() {
        return width;
    }

    /**
     * The select list.
     *
     * @param qualifier what stands before each column, with its point; may be empty
     */
    public String select(String qualifier) {
        List<String> items = new ArrayList<>();
        if (!starred.isEmpty()) {
            items.add(qualifier + "*");
        }
        for (int i = 0; i < places.length; i++) {
            if (places[i] >= starred.size()) {
                items.add(accesses.get(i)
                        .read(qualifier + dialect.quote(columns.get(i).name())));
            }
        }
        return String.join(", ", items);
    }

    /**
     * Checks that a result has what was asked for.
     *
     * @param first 1-based place where these columns begin in it
     * @throws StaleTableException the database sends other columns than the table's metadata has
     */
    public void verify(ResultSetMetaData sent, int first) throws SQLException {
        if (sent.getColumnCount() < first + width - 1) {
            throw new StaleTableException(table, names(), found(sent, first));
        }
        for (int i = 0; i < starred.size(); i++) {
            if (!starred.get(i).equals(sent.getColumnName(first + i))) {
                throw new StaleTableException(table, starred, found(sent, first));
            }
        }
        if (dialect.resultsTellTheirDatabase()) {
            requireSameDatabase(sent, first);
        }
        for (int i = 0; i < places.length; i++) {
            ColumnAccess access = accesses.get(i);
            int position = first + places[i];
            if (access.plain() && !access.kind().reads(sent.getColumnType(position))) {
                throw new StaleTableException(table, columns.get(i), sent.getColumnTypeName(position));
            }
        }
    }

    /** A pool may hand out a connection that somebody has led to another database, without its driver's notice. */
    private void requireSameDatabase(ResultSetMetaData sent, int first) throws SQLException {
        for (int place : places) {
            String database = sent.getCatalogName(first + place);
            // Expressions are of none.
            if (!database.isEmpty() && !database.equalsIgnoreCase(table.name().catalog())) {
                throw new StaleTableException(table, database);
            }
        }
    }

    /** The values of the result's current row; {@code first} as for {@link #verify}. */
    public Row read(ResultSet result, int first) throws SQLException {
        List<@Nullable Object> values = new ArrayList<>(places.length);
        for (int i = 0; i < places.length; i++) {
            values.add(accesses.get(i).kind().read(result, first + places[i]));
        }
        return new Row(values);
    }

    /** All rows of a result that has these columns and no others. */
    public RowImage readAll(ResultSet result) throws SQLException {
        ResultSetMetaData sent = result.getMetaData();
        verify(sent, 1);
        if (sent.getColumnCount() != width) {
            throw new StaleTableException(table, names(), found(sent, 1));
        }
        List<Row> rows = new ArrayList<>();
        while (result.next()) {
            rows.add(read(result, 1));
        }
        return new RowImage(table, columns, rows);
    }

    private static List<String> found(ResultSetMetaData sent, int first) throws SQLException {
        List<String> found = new ArrayList<>();
        for (int i = Math.max(1, first); i <= sent.getColumnCount(); i++) {
            found.add(sent.getColumnName(i));
        }
        return found;
    }

    private List<String> names() {
        return columns.stream().map(Column::name).toList();
    }
}
