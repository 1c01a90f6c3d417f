package io.entente.seata.client;

import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Applications on each version of Seata's client do all that they can with this coordinator. */
@ParameterizedClass
@EnumSource(SeataVersion.class)
class SeataClientsTest {
    private final SeataVersion version;

    @TempDir
    Path directory;

    SeataClientsTest(SeataVersion version) {
        this.version = version;
    }

    @TestFactory
    Stream<DynamicTest> scenarios() throws Exception {
        Estate estate = Estate.start(version, directory);
        return Scenario.ALL.stream()
                .filter(scenario -> scenario.isFor(version))
                .map(scenario -> DynamicTest.dynamicTest(scenario.name(), () -> scenario.run(estate)))
                .onClose(estate::close);
    }
}
