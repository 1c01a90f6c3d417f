package io.entente.rm.call;

import io.entente.rm.forwarding.ForwardingResultSet;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Results of the same columns one behind the other, to be read with {@code next}. */
final class JoinedResultSet extends ForwardingResultSet {

    private final List<ResultSet> parts;
    private int part;
    private int row;

    /** @param parts at least one, each before its first row */
    JoinedResultSet(List<? extends ResultSet> parts) {
        super(parts.get(0));
        this.parts = List.copyOf(parts);
    }

    @Override
    public boolean next() throws SQLException {
        while (!real.next()) {
            if (part + 1 == parts.size()) {
                return false;
            }
            part++;
            real = parts.get(part);
        }
        row++;
        return true;
    }

    @Override
    public int getRow() {
        return row;
    }

    @Override
    public int getType() {
        return ResultSet.TYPE_FORWARD_ONLY;
    }

    @Override
    public void close() throws SQLException {
        for (ResultSet each : parts) {
            each.close();
        }
    }

    @Override
    public @Nullable Statement getStatement() throws SQLException {
        return real.getStatement();
    }
}
