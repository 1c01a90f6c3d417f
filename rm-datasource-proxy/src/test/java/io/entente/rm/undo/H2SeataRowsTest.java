package io.entente.rm.undo;

import io.entente.rm.matrix.ColumnCase;
import io.entente.testkit.database.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;

class H2SeataRowsTest extends SeataRowsCompatibilityTest {

    H2SeataRowsTest() throws SQLException {
        super(new H2UndoLogTest(), TestDatabase.Kind.H2);
    }

    @Override
    Set<String> refusedTypes() {
        return Set.of(
                "TIME(9)",
                "TIME(3) WITH TIME ZONE",
                "TIMESTAMP(9) WITH TIME ZONE",
                "INTERVAL YEAR TO MONTH",
                "INTERVAL DAY TO SECOND(9)");
    }

    @Override
    List<ColumnCase> readable() {
        return List.of(ColumnCase.of("DECFLOAT(40)", "1E-30", "12.50"));
    }
}
