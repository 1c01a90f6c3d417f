package io.entente.rm.undo.seata;

import io.entente.rm.dialect.Dialect;
import io.entente.rm.image.Change;
import java.io.ByteArrayOutputStream;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

/**
 * The rows that Seata's clients wrote into an undo log.
 *
 * <p>A branch has one row, and where its content did not fit into one packet of the server, further rows that hold the
 * rest of it under branch ids of their own.
 */
public final class SeataRows {

    /** The SQL literal of what the context of a row with further rows is like, and no other. */
    public static final String WITH_PARTS = "'%subId=%'";

    /** The SQL literal of what the context of a further row is like, and no other. */
    public static final String OF_PARTS = "'branchId=%'";

    private final Dialect dialect;
    private final String table;

    /**
     * Of one undo log.
     *
     * @param table the undo log, as it stands in SQL
     */
    public SeataRows(Dialect dialect, String table) {
        this.dialect = dialect;
        this.table = table;
    }

    /** Whether a row with this context is one of Seata's. */
    public static boolean wrote(String context) {
        return SeataContext.wrote(context);
    }

    /**
     * Reads a branch's row, the parts of it included, which are locked until the transaction ends.
     *
     * @param connection in a session as the application has it, because Seata read the images in one
     * @return in the order in which they were made
     * @throws SeataRowException it cannot be read with certainty; trying again is no use
     */
    public List<Change> read(Connection connection, String xid, long branchId, String context, byte[] content)
            throws SQLException {
        SeataContext described = SeataContext.parse(context);
        if (!described.serializer().equals("jackson")) {
            throw new SeataRowException(
                    "in the format of its serializer " + described.serializer() + "; this release reads jackson only");
        }
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        whole.writeBytes(content);
        for (long part : described.parts()) {
            whole.writeBytes(part(connection, xid, branchId, part));
        }
        byte[] json = Compressed.open(described.compressor(), whole.toByteArray());
        return new SeataImages(connection, dialect).read(xid, branchId, json);
    }

    private byte[] part(Connection connection, String xid, long branchId, long part) throws SQLException {
        try (PreparedStatement query = connection.prepareStatement(
                "SELECT rollback_info FROM " + table + " WHERE branch_id = ? AND xid = ? AND context = ? FOR UPDATE")) {
            query.setLong(1, part);
            query.setString(2, xid);
            query.setString(3, SeataContext.ofParts(branchId));
            try (ResultSet row = query.executeQuery()) {
                if (!row.next()) {
                    throw new SeataRowException("its part " + part + " is missing");
                }
                return row.getBytes(1);
            }
        }
    }

    /** Deletes the further rows of a branch; its first one stays. */
    public void deleteParts(Connection connection, String xid, long branchId) throws SQLException {
        try (PreparedStatement delete =
                connection.prepareStatement("DELETE FROM " + table + " WHERE xid = ? AND context = ?")) {
            delete.setString(1, xid);
            delete.setString(2, SeataContext.ofParts(branchId));
            delete.executeUpdate();
        }
    }
}
