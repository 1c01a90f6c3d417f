package io.entente.seata.client;

import java.util.List;
import java.util.stream.Stream;

/**
 * Something that applications on Seata's client do, and that works.
 *
 * @param name as the documentation shows it
 * @param since the first version that can
 */
record Scenario(String name, SeataVersion since, Body body) {
    static final List<Scenario> ALL = Stream.of(AtScenarios.all(), OtherScenarios.all())
            .flatMap(List::stream)
            .toList();

    interface Body {
        void run(Estate estate) throws Exception;
    }

    boolean isFor(SeataVersion version) {
        return version.isAtLeast(since);
    }

    void run(Estate estate) throws Exception {
        body.run(estate);
        estate.awaitQuiet();
    }
}
