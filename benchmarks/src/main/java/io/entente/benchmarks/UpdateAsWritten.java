package io.entente.benchmarks;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;

/** As an application writes it. */
final class UpdateAsWritten implements UpdateOfOneRow {

    private final Connection connection;
    private final boolean autoCommit;

    UpdateAsWritten(Connection connection, boolean autoCommit) {
        this.connection = connection;
        this.autoCommit = autoCommit;
    }

    @Override
    public void run(long id) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement("UPDATE stock SET n = n - ? WHERE id = ?")) {
            update.setInt(1, 1);
            update.setLong(2, id);
            if (update.executeUpdate() != 1) {
                throw new IllegalStateException("There is no row " + id);
            }
        }
        if (!autoCommit) {
            connection.commit();
        }
    }
}
