package io.entente.seata.client;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Applications on each version of Seata's client do all that they can with this coordinator. */
@ParameterizedClass
@Execution(ExecutionMode.CONCURRENT)
@MethodSource("versions")
class SeataClientsTest {
    private static final Path LOGS = Path.of("target", "seata-clients");

    private final SeataVersion version;
    private @Nullable Estate estate;

    /** All, or those that {@code -Dseata.versions=1.4.2,2.6.0} names. */
    static Stream<SeataVersion> versions() {
        List<String> wanted = List.of(System.getProperty("seata.versions", "").split(",", -1));
        return Stream.of(SeataVersion.values())
                .filter(version -> wanted.contains("") || wanted.contains(version.toString()));
    }

    SeataClientsTest(SeataVersion version) {
        this.version = version;
    }

    @TestFactory
    @Execution(ExecutionMode.SAME_THREAD)
    Stream<DynamicTest> scenarios() {
        return Scenario.all().stream()
                .map(scenario -> DynamicTest.dynamicTest(scenario.title(), () -> run(scenario)))
                .onClose(this::end);
    }

    private void run(Scenario scenario) throws Exception {
        if (estate == null) {
            estate = Estate.start(version, Files.createDirectories(LOGS).toAbsolutePath());
        }
        try {
            scenario.run(estate);
            if (!scenario.isFor(version)) {
                end(); // it was left in the middle
            }
        } catch (Exception | AssertionError e) {
            end(); // what is left of it shall not fail the others
            throw e;
        }
    }

    private void end() {
        if (estate != null) {
            estate.close();
            estate = null;
        }
    }
}
