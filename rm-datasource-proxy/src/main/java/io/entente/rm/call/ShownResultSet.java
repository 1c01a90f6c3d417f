package io.entente.rm.call;

import io.entente.rm.forwarding.ForwardingResultSet;
import io.entente.rm.forwarding.ForwardingResultSetMetaData;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Statement;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The application's part of a result that was read before for its images: only the first columns, and without the rows
 * that are not the application's.
 */
public final class ShownResultSet extends ForwardingResultSet {

    private final View view;
    private final boolean shownAgain;
    private boolean closed;
    private int shown;

    /**
     * What is shown.
     *
     * @param columns how many columns
     * @param hiddenRows numbers of the rows that are not, from 1; when there are any, it does not scroll
     * @param mostRows how many rows at the most, 0 for all
     */
    public record View(int columns, Set<Integer> hiddenRows, int mostRows) {

        public static View columns(int columns) {
            return new View(columns, Set.of(), 0);
        }
    }

    private ShownResultSet(ResultSet real, View view, boolean shownAgain) {
        super(real);
        this.view = view;
        this.shownAgain = shownAgain;
    }

    /** @param real scrolls, stands before its first row, and is closed with what is shown of it */
    public static ShownResultSet rows(ResultSet real, View view) {
        return new ShownResultSet(real, view, false);
    }

    /**
     * @param real scrolls; stays open, because generated keys may be asked for again
     * @param mostRows see {@link View}
     */
    public static ShownResultSet keys(ResultSet real, int columns, int mostRows) {
        return new ShownResultSet(real, new View(columns, Set.of(), mostRows), true);
    }

    /** The same rows, before the first one. */
    ShownResultSet again() throws SQLException {
        real.beforeFirst();
        return new ShownResultSet(real, view, true);
    }

    @Override
    public boolean next() throws SQLException {
        if (closed) {
            throw new SQLException("The result set is closed.", "24000");
        }
        if (view.mostRows() > 0 && shown >= view.mostRows()) {
            real.afterLast();
            return false;
        }
        while (real.next()) {
            if (!view.hiddenRows().contains(real.getRow())) {
                shown++;
                return true;
            }
        }
        return false;
    }

    @Override
    public int getRow() throws SQLException {
        return view.hiddenRows().isEmpty() ? real.getRow() : shown;
    }

    private void requireAllRows() throws SQLException {
        if (!view.hiddenRows().isEmpty() || view.mostRows() > 0) {
            throw new SQLFeatureNotSupportedException(
                    "This result does not scroll, because there are rows in it that are not shown: beyond the statement's"
                            + " maximum, or locked by other global transactions and skipped. Read it with next().");
        }
    }

    @Override
    public boolean absolute(int row) throws SQLException {
        requireAllRows();
        return real.absolute(row);
    }

    @Override
    public boolean relative(int rows) throws SQLException {
        requireAllRows();
        return real.relative(rows);
    }

    @Override
    public boolean previous() throws SQLException {
        requireAllRows();
        return real.previous();
    }

    @Override
    public boolean first() throws SQLException {
        requireAllRows();
        return real.first();
    }

    @Override
    public boolean last() throws SQLException {
        requireAllRows();
        return real.last();
    }

    @Override
    public ResultSetMetaData getMetaData() throws SQLException {
        return new ForwardingResultSetMetaData(real.getMetaData()) {
            @Override
            public int getColumnCount() {
                return view.columns();
            }
        };
    }

    @Override
    public void close() throws SQLException {
        closed = true;
        if (!shownAgain) {
            real.close();
        }
    }

    @Override
    public boolean isClosed() throws SQLException {
        return closed || real.isClosed();
    }

    @Override
    public @Nullable Statement getStatement() throws SQLException {
        return real.getStatement();
    }
}
