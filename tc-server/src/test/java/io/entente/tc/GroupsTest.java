package io.entente.tc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.tc.coordinator.CoordinatorObserver;
import io.entente.tc.coordinator.SteadyClock;
import io.entente.tc.log.ClusterMember;
import io.entente.tc.log.FreeMembers;
import io.entente.tc.log.LogUnusableException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GroupsTest {
    @TempDir
    private Path directory;

    @Test
    void the_default_group_is_always_there_and_comes_first() {
        assertThat(Groups.NONE.names()).containsExactly("default");
        assertThat(new Groups(Map.of("travel", Set.of("trip_tx_group"), "orders", Set.of("a", "b"))).names())
                .containsExactly("default", "orders", "travel");
    }

    @Test
    void what_cannot_be_is_named_with_its_rule() {
        assertThatThrownBy(() -> new Groups(Map.of("default", Set.of("a"))))
                .hasMessageContaining("entente.tc.groups.default is no name");
        assertThatThrownBy(() -> new Groups(Map.of("Orders!", Set.of("a"))))
                .hasMessageContaining("entente.tc.groups.Orders!", "lower case");
        assertThatThrownBy(() -> new Groups(Map.of("orders", Set.of())))
                .hasMessageContaining("entente.tc.groups.orders is ''", "orders_tx_group");
        assertThatThrownBy(() -> new Groups(Map.of("orders", Set.of("a"), "travel", Set.of("a"))))
                .hasMessageContaining("'a' stands in entente.tc.groups.orders and in entente.tc.groups.travel");
    }

    @Test
    void a_group_with_a_log_is_not_forgotten() throws Exception {
        Files.createDirectories(directory.resolve("raft-orders"));
        ClusterMember self = FreeMembers.addresses(1).get(0);

        assertThatThrownBy(() -> TransactionCoordinator.start(
                        CoordinatorSettings.in(directory).withPort(self.port()),
                        new ClusterSettings(self, List.of(self), 1_000),
                        new SteadyClock(),
                        new CoordinatorObserver() {},
                        failure -> {}))
                .isInstanceOf(LogUnusableException.class)
                .hasMessageContaining("the group orders", "entente.tc.groups.orders");
    }
}
