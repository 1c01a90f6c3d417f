package io.entente.samples.story;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Wrong settings and taken ports are told to a person. */
final class SettingsTest {

    private static final List<Service> SERVICES = List.of(
            new Service("order", SettingsTest.class, 8081, "orders", "/orders"),
            new Service("order-archive", SettingsTest.class, 8082, "orders", "/archive"));

    @Test
    void a_taken_port_is_named_with_the_setting_that_moves_it() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String taken = String.valueOf(other.getLocalPort());
            Ports ports = Ports.of(SERVICES, Map.of("ENTENTE_SAMPLE_PORT_ORDER", taken));
            assertThatThrownBy(ports::requireFree)
                    .isInstanceOf(StoryException.class)
                    .hasMessageContaining("port " + taken + " for ORDER")
                    .hasMessageContaining("set ENTENTE_SAMPLE_PORT_ORDER=<port>")
                    .hasMessageContaining("ENTENTE_SAMPLE_PORTS=random");
        }
    }

    @Test
    void each_service_has_a_setting_that_moves_its_port() {
        Ports ports = Ports.of(SERVICES, Map.of("ENTENTE_SAMPLE_PORT_ORDER_ARCHIVE", "8888"));
        assertThat(ports.of(SERVICES.get(0))).isEqualTo(8081);
        assertThat(ports.of(SERVICES.get(1))).isEqualTo(8888);
    }

    @Test
    void two_services_of_the_same_name_are_refused() {
        Service first = SERVICES.get(0);
        assertThatThrownBy(() -> Ports.of(List.of(first, first), Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("order is taken");
    }

    @Test
    void random_ports_are_free_and_all_different() {
        Ports ports = Ports.of(SERVICES, Map.of("ENTENTE_SAMPLE_PORTS", "random"));
        ports.requireFree();
        assertThat(ports.all()).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void a_wrong_value_is_refused_with_those_that_are_allowed() {
        assertRefused(Map.of("ENTENTE_SAMPLE_DATABASE", "oracle"), "'oracle'; expected one of h2, postgresql, mariadb");
        assertRefused(Map.of("ENTENTE_SAMPLE_EXIT", "yes"), "'yes'; expected true or false");
        assertRefused(Map.of("ENTENTE_SAMPLE_PORTS", "any"), "'any'; expected fixed or random");
        assertRefused(Map.of("ENTENTE_SAMPLE_PORT_H2", "70000"), "'70000'; expected a port from 1 to 65535");
    }

    @Test
    void a_directory_in_use_is_refused_and_left_alone(@TempDir Path directory) throws Exception {
        try (WorkDirectory first = WorkDirectory.claim(directory)) {
            Path file = Files.writeString(first.resolve("data"), "of the first run");
            assertThatThrownBy(() -> WorkDirectory.claim(directory))
                    .isInstanceOf(StoryException.class)
                    .hasMessageContaining("runs already")
                    .hasMessageContaining(directory.toString());
            assertThat(file).hasContent("of the first run");
        }
        try (WorkDirectory second = WorkDirectory.claim(directory)) {
            assertThat(second.resolve("data")).doesNotExist();
        }
    }

    private static void assertRefused(Map<String, String> environment, String message) {
        assertThatThrownBy(() -> StorySettings.of(new EmptySample(SERVICES), environment))
                .isInstanceOf(StoryException.class)
                .hasMessageContaining(environment.keySet().iterator().next())
                .hasMessageContaining(message);
    }
}
