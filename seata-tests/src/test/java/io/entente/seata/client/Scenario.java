package io.entente.seata.client;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.Stream;

/**
 * Something that applications on Seata's client do, and that works.
 *
 * @param group what the documentation shows it under
 * @param name as the documentation shows it
 * @param since the first version that can; that older ones cannot is seen too
 */
record Scenario(String group, String name, SeataVersion since, Body body) {
    interface Body {
        void run(Estate estate) throws Exception;
    }

    static List<Scenario> all() {
        return Stream.of(AtScenarios.all(), OtherScenarios.all())
                .flatMap(List::stream)
                .toList();
    }

    String title() {
        return group + ": " + name;
    }

    boolean isFor(SeataVersion version) {
        return version.isAtLeast(since);
    }

    void run(Estate estate) throws Exception {
        if (isFor(estate.version())) {
            body.run(estate);
            estate.awaitQuiet();
        } else {
            assertThatThrownBy(() -> body.run(estate))
                    .as("the table says that %s cannot", estate.version())
                    .isInstanceOf(AssertionError.class);
        }
    }
}
