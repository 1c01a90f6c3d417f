package io.entente.samples.story;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The coordinator, the services and their databases: everything that runs. */
public final class Landscape implements AutoCloseable {

    private static final String LOCAL = "localhost:";

    private final StorySettings settings;
    private final List<String> serviceArguments;
    private final WorkDirectory directory;
    private final Watchdog watchdog;
    private final RunningDatabases databases;
    private final JavaProcess coordinator;
    private final Map<Service, JavaProcess> services = new LinkedHashMap<>();
    private final List<JavaProcess> everything = new ArrayList<>();

    /**
     * Nothing but the databases runs yet.
     *
     * @param settings made for these services
     * @param coordinatorArguments settings of the coordinator beyond its ports and directory
     * @param serviceArguments settings of each service beyond its port, database and addresses
     */
    public Landscape(
            StorySettings settings,
            List<Service> services,
            List<String> coordinatorArguments,
            List<String> serviceArguments) {
        this.settings = settings;
        this.serviceArguments = serviceArguments;
        settings.ports().requireFree();
        this.directory = WorkDirectory.claim(settings.directory());
        this.watchdog = Watchdog.start();
        this.databases = RunningDatabases.start(settings.database(), services, settings.ports());
        this.coordinator = coordinatorProcess(coordinatorArguments);
        everything.add(coordinator);
        for (Service service : services) {
            JavaProcess process = serviceProcess(service, service.name(), port(service));
            this.services.put(service, process);
            everything.add(process);
        }
    }

    private JavaProcess coordinatorProcess(List<String> arguments) {
        // Starts faster unpacked, and a build that replaces the jar does not matter then.
        String jar = settings.coordinatorJar().toString();
        String unpacked = directory.resolve("coordinator").toString();
        JavaProcess.run(List.of("-Djarmode=tools", "-jar", jar, "extract", "--destination", unpacked));
        List<String> program = new ArrayList<>(List.of(
                "-jar",
                directory
                        .resolve("coordinator")
                        .resolve(settings.coordinatorJar().getFileName())
                        .toString(),
                "--entente.tc.port=" + settings.ports().coordinator(),
                "--entente.tc.data-directory=" + directory.resolve("coordinator-data"),
                "--server.port=" + settings.ports().coordinatorHttp()));
        program.addAll(arguments);
        return process("coordinator", program, settings.ports().coordinatorHttp(), "/actuator/health");
    }

    private JavaProcess serviceProcess(Service service, String name, int port) {
        List<String> program = new ArrayList<>(List.of(
                "-classpath",
                System.getProperty("java.class.path"),
                service.application().getName(),
                "--server.port=" + port,
                "--server.address=127.0.0.1",
                "--entente.server=" + LOCAL + settings.ports().coordinator(),
                "--spring.datasource.url=" + databases.url(service),
                "--spring.datasource.username=" + databases.user(),
                "--spring.datasource.password=" + databases.password(),
                "--spring.sql.init.platform=" + settings.database().text()));
        service.peers().forEach(peer -> program.add("--" + peer.name() + ".url=" + url(peer)));
        program.addAll(service.arguments());
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

    private int port(Service service) {
        return settings.ports().of(service);
    }

    /** Returns when everything is ready. */
    public void start() {
        coordinator.start();
        coordinator.awaitReady();
        services.values().forEach(JavaProcess::start);
        services.values().forEach(JavaProcess::awaitReady);
    }

    public JavaProcess coordinator() {
        return coordinator;
    }

    public JavaProcess service(Service service) {
        JavaProcess process = services.get(service);
        if (process == null) {
            throw new IllegalStateException("There is no service " + service);
        }
        return process;
    }

    /** The address of a service, without a path. */
    public String url(Service service) {
        return "http://" + LOCAL + port(service);
    }

    /** The coordinator and the services. */
    List<JavaProcess> processes() {
        return List.copyOf(everything);
    }

    /** What the coordinator and the services have logged that has this text in it. */
    public List<String> logged(String text) {
        return everything.stream()
                .flatMap(process -> process.logged(text).stream().map(line -> process.name() + " at " + line))
                .toList();
    }

    /** One more instance of a service, on the same database; not started yet. */
    public JavaProcess anotherInstance(Service service, int port) {
        JavaProcess process = serviceProcess(service, service.name() + "-" + port, port);
        everything.add(process);
        return process;
    }

    public RunningDatabases databases() {
        return databases;
    }

    public CoordinatorApi coordinatorApi() {
        return new CoordinatorApi(settings.ports().coordinatorHttp());
    }

    public Caller caller(Service service) {
        return new Caller(url(service));
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
