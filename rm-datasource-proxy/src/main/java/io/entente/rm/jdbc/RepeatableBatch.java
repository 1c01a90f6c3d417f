package io.entente.rm.jdbc;

import io.entente.rm.call.Bindings;
import io.entente.rm.call.SqlAction;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** A driver's batch that can be executed again after a rollback: the driver forgets it with the first execution. */
final class RepeatableBatch implements SqlAction<long[]> {

    private final PreparedStatement statement;
    private final List<Bindings> elements;
    private final SqlAction<long[]> execution;
    private boolean executed;

    RepeatableBatch(PreparedStatement statement, List<Bindings> elements, SqlAction<long[]> execution) {
        this.statement = statement;
        this.elements = elements;
        this.execution = execution;
    }

    @Override
    public long[] run() throws SQLException {
        if (executed) {
            statement.clearBatch();
            for (Bindings element : elements) {
                element.applyAll(statement);
                statement.addBatch();
            }
        }
        executed = true;
        return execution.run();
    }
}
