package io.entente.samples.story;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** The coordinator, the three services and their databases: everything that runs. */
final class Landscape implements AutoCloseable {

    private static final String LOCAL = "localhost:";

    private final StorySettings settings;
    private final List<String> serviceArguments;
    private final WorkDirectory directory;
    private final Watchdog watchdog;
    private final RunningDatabases databases;
    private final JavaProcess coordinator;
    private final Map<ServiceName, JavaProcess> services = new EnumMap<>(ServiceName.class);
    private final List<JavaProcess> everything = new ArrayList<>();

    /**
     * Nothing but the databases runs yet.
     *
     * @param coordinatorArguments settings of the coordinator beyond its ports and directory
     * @param serviceArguments settings of each service beyond its port, database and addresses
     */
    Landscape(StorySettings settings, List<String> coordinatorArguments, List<String> serviceArguments) {
        this.settings = settings;
        this.serviceArguments = serviceArguments;
        settings.ports().requireFree();
        this.directory = WorkDirectory.claim(settings.directory());
        this.watchdog = Watchdog.start();
        this.databases = RunningDatabases.start(settings.database(), settings.ports());
        this.coordinator = coordinatorProcess(coordinatorArguments);
        everything.add(coordinator);
        for (ServiceName service : ServiceName.values()) {
            JavaProcess process = serviceProcess(service, service.text(), port(service.port()));
            services.put(service, process);
            everything.add(process);
        }
    }

    private JavaProcess coordinatorProcess(List<String> arguments) {
        // Starts faster unpacked, and a build that replaces the jar does not matter then.
        Path unpacked = directory.resolve("coordinator");
        JavaProcess.run(List.of(
                "-Djarmode=tools",
                "-jar",
                settings.coordinatorJar().toString(),
                "extract",
                "--destination",
                unpacked.toString()));
        List<String> program = new ArrayList<>(List.of(
                "-jar",
                unpacked.resolve(settings.coordinatorJar().getFileName()).toString(),
                "--entente.tc.port=" + port(Ports.Use.COORDINATOR),
                "--entente.tc.data-directory=" + directory.resolve("coordinator-data"),
                "--server.port=" + port(Ports.Use.COORDINATOR_HTTP)));
        program.addAll(arguments);
        return process("coordinator", program, port(Ports.Use.COORDINATOR_HTTP), "/actuator/health");
    }

    private JavaProcess serviceProcess(ServiceName service, String name, int port) {
        List<String> program = new ArrayList<>(List.of(
                "-classpath",
                System.getProperty("java.class.path"),
                service.application(),
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--entente.server=" + LOCAL + port(Ports.Use.COORDINATOR),
                "--spring.datasource.url=" + databases.url(service),
                "--spring.datasource.username=" + databases.user(),
                "--spring.datasource.password=" + databases.password()));
        if (service == ServiceName.ORDER) {
            program.add("--spring.sql.init.platform=" + settings.database().text());
            program.add("--inventory.url=http://" + LOCAL + port(Ports.Use.INVENTORY));
            program.add("--account.url=http://" + LOCAL + port(Ports.Use.ACCOUNT));
        }
        program.addAll(serviceArguments);
        return process(name, program, port, service.listing());
    }

    private JavaProcess process(String name, List<String> program, int port, String readinessPath) {
        return new JavaProcess(
                name,
                program,
                directory.resolve(name + ".log"),
                URI.create("http://" + LOCAL + port + readinessPath),
                watchdog);
    }

    private int port(Ports.Use use) {
        return settings.ports().of(use);
    }

    /** Returns when everything is ready. */
    void start() {
        coordinator.start();
        coordinator.awaitReady();
        services.values().forEach(JavaProcess::start);
        services.values().forEach(JavaProcess::awaitReady);
    }

    JavaProcess coordinator() {
        return coordinator;
    }

    JavaProcess service(ServiceName service) {
        JavaProcess process = services.get(service);
        if (process == null) {
            throw new IllegalStateException("There is no service " + service);
        }
        return process;
    }

    /** The coordinator and the services. */
    List<JavaProcess> processes() {
        return List.copyOf(everything);
    }

    /** One more instance of a service, on the same database; not started yet. */
    JavaProcess anotherInstance(ServiceName service, int port) {
        JavaProcess process = serviceProcess(service, service.text() + "-" + port, port);
        everything.add(process);
        return process;
    }

    RunningDatabases databases() {
        return databases;
    }

    Tables tables() {
        return Tables.read(databases);
    }

    CoordinatorApi coordinatorApi() {
        return new CoordinatorApi(port(Ports.Use.COORDINATOR_HTTP));
    }

    Shop shop() {
        return new Shop(port(Ports.Use.ORDER));
    }

    /** Ends everything that was started. */
    @Override
    public void close() {
        everything.forEach(JavaProcess::end);
        everything.forEach(JavaProcess::awaitEnd);
        databases.close();
        watchdog.close();
        directory.close();
    }
}
