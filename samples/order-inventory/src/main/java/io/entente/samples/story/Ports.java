package io.entente.samples.story;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Who listens where, all on this machine only. */
final class Ports {

    /** What needs a port, and the one it has when nobody says otherwise. */
    enum Use {
        COORDINATOR(8091),
        COORDINATOR_HTTP(7091),
        ORDER(8081),
        INVENTORY(8082),
        ACCOUNT(8083),
        H2(9092);

        private final int usual;

        Use(int usual) {
            this.usual = usual;
        }

        /** The environment variable that moves it. */
        String setting() {
            return "ENTENTE_SAMPLE_PORT_" + name();
        }
    }

    static final String SETTING = "ENTENTE_SAMPLE_PORTS";

    private final Map<Use, Integer> ports = new EnumMap<>(Use.class);

    private Ports() {}

    /** Those for a person: the usual ones unless a setting moves them. */
    static Ports of(Map<String, String> environment) {
        String choice = environment.getOrDefault(SETTING, "fixed");
        if (choice.equals("random")) {
            return random();
        }
        if (!choice.equals("fixed")) {
            throw new StoryException(SETTING + " is '" + choice + "'; expected fixed or random.");
        }
        Ports ports = new Ports();
        for (Use use : Use.values()) {
            String text = environment.getOrDefault(use.setting(), String.valueOf(use.usual));
            ports.ports.put(use, parse(use, text));
        }
        return ports;
    }

    /** Ports that were free a moment ago. */
    static Ports random() {
        Ports ports = new Ports();
        List<ServerSocket> taken = new ArrayList<>();
        try {
            // All of them open at once, so that no number comes twice.
            for (Use use : Use.values()) {
                ServerSocket socket = listen(0);
                taken.add(socket);
                ports.ports.put(use, socket.getLocalPort());
            }
            for (ServerSocket socket : taken) {
                socket.close();
            }
            return ports;
        } catch (IOException e) {
            throw new UncheckedIOException("No free ports", e);
        }
    }

    private static int parse(Use use, String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 1 && port <= 65_535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // Said below.
        }
        throw new StoryException(use.setting() + " is '" + text + "'; expected a port from 1 to 65535.");
    }

    int of(Use use) {
        return ports.getOrDefault(use, use.usual);
    }

    /** @throws StoryException naming each port that is taken and the setting that moves it */
    void requireFree() {
        List<String> taken = new ArrayList<>();
        for (Use use : Use.values()) {
            try (ServerSocket socket = listen(of(use))) {
                socket.setReuseAddress(true);
            } catch (IOException e) {
                taken.add("  port " + of(use) + " for " + use + ": " + e.getMessage() + "; to use another one, set "
                        + use.setting() + "=<port>");
            }
        }
        if (!taken.isEmpty()) {
            throw new StoryException("The sample cannot start, because something else listens on its ports:\n"
                    + String.join("\n", taken) + "\nOr let the system choose all of them: " + SETTING + "=random");
        }
    }

    private static ServerSocket listen(int port) throws IOException {
        return new ServerSocket(port, 1, InetAddress.getLoopbackAddress());
    }
}
