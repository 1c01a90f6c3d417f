package io.entente.protocol.transport;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where a coordinator listens.
 *
 * @param host name or address
 * @param port 1 to 65535
 */
public record ServerAddress(String host, int port) {

    public ServerAddress {
        if (host.isBlank() || port < 1 || port > 65_535) {
            throw new IllegalArgumentException(
                    "'" + host + ":" + port + "' is no address of a coordinator: expected host:port with a port of 1 to"
                            + " 65535, for example 127.0.0.1:8091");
        }
    }

    /**
     * Reads {@code host:port[,host:port…]}; an IPv6 address stands in brackets.
     *
     * @throws IllegalArgumentException naming the part that is none
     */
    public static List<ServerAddress> parseList(String text) {
        List<ServerAddress> addresses = new ArrayList<>();
        for (String part : text.split(",", -1)) {
            addresses.add(parse(part.trim()));
        }
        return List.copyOf(addresses);
    }

    private static ServerAddress parse(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? text : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw malformed(text);
        }
        try {
            return new ServerAddress(host, Integer.parseInt(text.substring(colon + 1)));
        } catch (NumberFormatException e) {
            throw malformed(text);
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException(
                "'" + text + "' is no address of a coordinator: expected host:port, for example 127.0.0.1:8091");
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }

    /** The address that a text is; null when it is none. */
    static @Nullable ServerAddress orNull(String text) {
        try {
            return parseList(text).get(0);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
