package io.entente.rm.roundtrip;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.rm.undo.BrokenUndo;
import io.entente.testkit.database.TestDatabase;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The control of {@link RoundTripTest}: with a fault in the undo rows it must fail. */
class BrokenUndoIsCaughtTest {

    private static final int STATEMENTS = 2_000;

    @ParameterizedTest
    @MethodSource("faultsOnDatabases")
    void the_round_trip_fails_when_the_undo_is_broken(BrokenUndo fault, TestDatabase.Kind kind) throws Exception {
        RoundTrip roundTrip = RoundTrip.sabotaged(Grammar.of(kind), fault::spoil);

        String problem = roundTrip.run(1, STATEMENTS);

        // Either the rows differ, or the undo has seen that it cannot be right and left the branch to a person.
        assertThat(problem).isNotNull().containsAnyOf("After the global rollback", "ROLLBACK_NEEDS_ATTENTION");
    }

    static Stream<Arguments> faultsOnDatabases() {
        return Arrays.stream(BrokenUndo.values())
                .flatMap(fault -> Arrays.stream(TestDatabase.Kind.values()).map(kind -> Arguments.of(fault, kind)));
    }
}
