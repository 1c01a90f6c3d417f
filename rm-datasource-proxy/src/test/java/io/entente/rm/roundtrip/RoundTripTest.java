package io.entente.rm.roundtrip;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.testkit.database.TestDatabase;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Random statements of all kinds in random transactions on random tables, through Entente and beside it.
 *
 * <p>{@code -Droundtrip.statements=1000000} runs more of them, {@code -Droundtrip.seed=…} others, and
 * {@code -Droundtrip.kinds=H2,MARIADB} names the databases.
 */
class RoundTripTest {

    private static final Logger log = LoggerFactory.getLogger(RoundTripTest.class);

    /** The execution on an older PostgreSQL, which runs beside the others, is of one size whatever is asked of them. */
    private static final boolean OLD_POSTGRESQL = System.getProperty("postgresql.major.expected") != null;

    private static final int STATEMENTS = OLD_POSTGRESQL ? 5_000 : Integer.getInteger("roundtrip.statements", 10_000);
    private static final long SEED = OLD_POSTGRESQL ? 1 : Long.getLong("roundtrip.seed", 1);
    private static final String KINDS =
            OLD_POSTGRESQL ? "POSTGRESQL" : System.getProperty("roundtrip.kinds", "H2,POSTGRESQL,MARIADB");

    @ParameterizedTest
    @MethodSource("kinds")
    void what_is_rolled_back_is_gone_and_what_is_committed_is_exact(TestDatabase.Kind kind) throws Exception {
        RoundTrip roundTrip = new RoundTrip(Grammar.of(kind));
        String problem = roundTrip.run(SEED, STATEMENTS);
        log.info(
                "{}: {} statements, seeds {} to {}{}\n  refused: {}",
                kind,
                roundTrip.tally().executed(),
                SEED,
                roundTrip.nextSeed() - 1,
                roundTrip.tally(),
                roundTrip.tally().reasons());
        assertThat(problem).isNull();
    }

    static Stream<TestDatabase.Kind> kinds() {
        return Arrays.stream(KINDS.split(",")).map(String::strip).map(TestDatabase.Kind::valueOf);
    }
}
