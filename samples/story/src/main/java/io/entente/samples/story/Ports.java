package io.entente.samples.story;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Who listens where, all on this machine only. */
public final class Ports {

    /** The environment variable that chooses between the usual ports and free ones. */
    public static final String SETTING = "ENTENTE_SAMPLE_PORTS";

    private static final String COORDINATOR = "COORDINATOR";
    private static final String COORDINATOR_HTTP = "COORDINATOR_HTTP";
    private static final String H2 = "H2";

    /** By what needs the port, the name of which ends the setting that moves it. */
    private final Map<String, Integer> ports;

    private Ports(Map<String, Integer> ports) {
        this.ports = ports;
    }

    /** Those for a person: the usual ones unless a setting moves them. */
    static Ports of(List<Service> services, Map<String, String> environment) {
        Map<String, Integer> ports = usual(services);
        String choice = environment.getOrDefault(SETTING, "fixed");
        switch (choice) {
            case "fixed" -> ports.replaceAll((use, usual) -> chosen(use, usual, environment));
            case "random" -> {
                List<Integer> free = new ArrayList<>(free(ports.size()));
                ports.replaceAll((use, usual) -> free.remove(0));
            }
            default -> throw new StoryException(SETTING + " is '" + choice + "'; expected fixed or random.");
        }
        return new Ports(ports);
    }

    private static Map<String, Integer> usual(List<Service> services) {
        Map<String, Integer> ports = new LinkedHashMap<>();
        ports.put(COORDINATOR, 8091);
        ports.put(COORDINATOR_HTTP, 7091);
        for (Service service : services) {
            if (ports.put(use(service), service.port()) != null) {
                throw new IllegalArgumentException(
                        "The name of the service " + service.name() + " is taken; each needs one of its own.");
            }
        }
        ports.put(H2, 9092);
        return ports;
    }

    private static String use(Service service) {
        return service.name().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** The environment variable that moves a port. */
    private static String setting(String use) {
        return "ENTENTE_SAMPLE_PORT_" + use;
    }

    private static int chosen(String use, int usual, Map<String, String> environment) {
        String text = environment.getOrDefault(setting(use), String.valueOf(usual));
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new StoryException(setting(use) + " is '" + text + "'; expected a port from 1 to 65535.");
    }

    /** A port that was free a moment ago. */
    public static int free() {
        return free(1).get(0);
    }

    private static List<Integer> free(int count) {
        List<ServerSocket> taken = new ArrayList<>();
        try {
            // All of them open at once, so that no number comes twice.
            for (int i = 0; i < count; i++) {
                taken.add(listen(0));
            }
            for (ServerSocket socket : taken) {
                socket.close();
            }
            return taken.stream().map(ServerSocket::getLocalPort).toList();
        } catch (IOException e) {
            throw new UncheckedIOException("No free ports", e);
        }
    }

    int coordinator() {
        return of(COORDINATOR);
    }

    int coordinatorHttp() {
        return of(COORDINATOR_HTTP);
    }

    int h2() {
        return of(H2);
    }

    int of(Service service) {
        return of(use(service));
    }

    private int of(String use) {
        return Objects.requireNonNull(ports.get(use), use);
    }

    List<Integer> all() {
        return List.copyOf(ports.values());
    }

    /** @throws StoryException naming each port that is taken and the setting that moves it */
    void requireFree() {
        List<String> taken = new ArrayList<>();
        ports.forEach((use, port) -> {
            try (ServerSocket socket = listen(port)) {
                socket.setReuseAddress(true);
            } catch (IOException e) {
                taken.add("  port " + port + " for " + use + ": " + e.getMessage() + "; to use another one, set "
                        + setting(use) + "=<port>");
            }
        });
        if (!taken.isEmpty()) {
            throw new StoryException("The sample cannot start, because something else listens on its ports:\n"
                    + String.join("\n", taken) + "\nOr let the system choose all of them: " + SETTING + "=random");
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }
}
