package io.entente.tc.transaction;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PhaseTest {
    /** The generated diagram; the test fails when it no longer shows the table, and prints what it should be. */
    private static final Path DIAGRAM = Path.of("../docs/states.md");

    @Test
    void every_phase_can_be_reached() {
        assertThat(reachableFrom(Phase.ACTIVE)).isEqualTo(EnumSet.allOf(Phase.class));
    }

    @Test
    void every_phase_leads_to_an_end_and_an_end_to_nothing() {
        for (Phase phase : Phase.values()) {
            assertThat(reachableFrom(phase)).as(phase.name()).anyMatch(Phase::isEnd);
            for (Phase.Move move : Phase.Move.values()) {
                if (phase.isEnd()) {
                    assertThat(phase.after(move)).as("%s after %s", phase, move).isNull();
                }
            }
        }
    }

    @Test
    void no_move_turns_a_decision_around() {
        for (Phase phase : Phase.values()) {
            for (Phase.Move move : Phase.Move.values()) {
                Phase next = phase.after(move);
                if (next != null && phase != Phase.ACTIVE) {
                    assertThat(next.isCommit()).as("%s after %s", phase, move).isEqualTo(phase.isCommit());
                }
            }
        }
    }

    @Test
    void the_diagram_in_the_docs_shows_the_table() throws IOException {
        StringBuilder diagram = new StringBuilder("""
                # The life of a global transaction

                Generated from the table in `Phase`; the test `PhaseTest` fails when the two differ.

                ```mermaid
                stateDiagram-v2
                    [*] --> ACTIVE : begin
                """);
        for (Phase phase : Phase.values()) {
            for (Phase.Move move : Phase.Move.values()) {
                Phase next = phase.after(move);
                if (next != null) {
                    diagram.append("    %s --> %s : %s%n".formatted(phase, next, move));
                }
            }
            if (phase.isEnd()) {
                diagram.append("    %s --> [*]%n".formatted(phase));
            }
        }
        diagram.append("```\n\n| phase | on the wire |\n|---|---|\n");
        for (Phase phase : Phase.values()) {
            diagram.append("| %s | %s (%d) |%n"
                    .formatted(phase, phase.status(), phase.status().code()));
        }
        assertThat(Files.readString(DIAGRAM)).isEqualTo(diagram.toString());
    }

    private static Set<Phase> reachableFrom(Phase start) {
        Set<Phase> seen = EnumSet.of(start);
        Deque<Phase> open = new ArrayDeque<>(seen);
        while (!open.isEmpty()) {
            Phase phase = open.pop();
            for (Phase.Move move : Phase.Move.values()) {
                Phase next = phase.after(move);
                if (next != null && seen.add(next)) {
                    open.push(next);
                }
            }
        }
        return seen;
    }
}
