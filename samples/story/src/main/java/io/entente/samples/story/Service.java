package io.entente.samples.story;

import java.util.List;
import java.util.stream.Stream;

/**
 * A service of a sample: a program with a port and a database of its own.
 *
 * @param name in lower case; names its log file and the setting that moves its port
 * @param application the class with its main method
 * @param port the port it has when no setting moves it
 * @param database the name of its database; services with the same name share it
 * @param listing the path that lists what it has; answers 200 as soon as the service is ready
 * @param peers the services it calls; it is given the address of each as {@code <name>.url}
 * @param arguments settings of its own
 */
public record Service(
        String name,
        Class<?> application,
        int port,
        String database,
        String listing,
        List<Service> peers,
        List<String> arguments) {

    public Service {
        peers = List.copyOf(peers);
        arguments = List.copyOf(arguments);
    }

    /** A service that calls no other. */
    public Service(String name, Class<?> application, int port, String database, String listing) {
        this(name, application, port, database, listing, List.of(), List.of());
    }

    /** The same, calling these services, too. */
    public Service calling(Service... others) {
        List<Service> all = Stream.concat(peers.stream(), Stream.of(others)).toList();
        return new Service(name, application, port, database, listing, all, arguments);
    }

    /** The same with more settings, such as {@code --bank.name=north}. */
    public Service with(String... settings) {
        List<String> all =
                Stream.concat(arguments.stream(), Stream.of(settings)).toList();
        return new Service(name, application, port, database, listing, peers, all);
    }
}
