package io.entente.samples.story;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Starts the coordinator and the three services, tells the story and stays up, until Ctrl-C.
 *
 * <p>Settings are environment variables: {@code ENTENTE_SAMPLE_DATABASE} (h2, postgresql or mariadb),
 * {@code ENTENTE_SAMPLE_EXIT} (true: exit after the story, with 0 only when everything held), {@code
 * ENTENTE_SAMPLE_PORTS} (fixed or random) and {@code ENTENTE_SAMPLE_PORT_…} for each port.
 */
public final class Story {

    private final StorySettings settings;
    private final Narrator narrator;
    private final AtomicReference<@Nullable Landscape> running = new AtomicReference<>();

    private volatile boolean ending;

    private Story(StorySettings settings, Narrator narrator) {
        this.settings = settings;
        this.narrator = narrator;
    }

    public static void main(String[] arguments) {
        // The database servers that run in, or are started by, this process log a lot; the story is told without.
        System.setProperty("logback.configurationFile", "story-logback.xml");
        Narrator narrator = new Narrator(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        int exitValue;
        try {
            exitValue = new Story(StorySettings.of(System.getenv()), narrator).tell() ? 0 : 1;
        } catch (StoryException e) {
            narrator.blank();
            narrator.plain(String.valueOf(e.getMessage()));
            exitValue = 1;
        }
        System.exit(exitValue);
    }

    private boolean tell() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end-of-story"));
        if (settings.endWithParent()) {
            ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(1)));
        }
        narrator.banner("Entente: one purchase, three services, three databases");
        narrator.blank();
        narrator.plain("  Starting the databases (" + settings.database().text()
                + "), the coordinator and three services. A few seconds ...");
        Landscape landscape = new Landscape(settings, List.of(), List.of());
        running.set(landscape);
        landscape.start();
        introduce(landscape);

        Chapters chapters = new Chapters(landscape, narrator);
        boolean allWell = chapters.tell();
        narrator.blank();
        narrator.banner("The end: " + (allWell ? "every invariant held" : "SOMETHING IS BROKEN, see above"));
        chapters.summary().forEach(line -> narrator.plain("  " + line));
        if (!settings.exit()) {
            stayUp(landscape);
        }
        return allWell;
    }

    private void introduce(Landscape landscape) {
        Ports ports = settings.ports();
        narrator.blank();
        narrator.line(
                "coordinator",
                "pid " + Narrator.pad(String.valueOf(landscape.coordinator().pid()), 7)
                        + Narrator.pad(landscape.coordinatorApi().url() + "/api/transactions", 32) + "rpc port "
                        + ports.of(Ports.Use.COORDINATOR));
        for (ServiceName service : ServiceName.values()) {
            narrator.line(
                    service.text(),
                    "pid "
                            + Narrator.pad(
                                    String.valueOf(landscape.service(service).pid()), 7)
                            + Narrator.pad("http://localhost:" + ports.of(service.port()) + service.listing(), 32)
                            + landscape.databases().url(service));
        }
        narrator.line("logs", settings.directory().toString());
        narrator.line("", "In the tables below, * marks what has changed.");
    }

    private void stayUp(Landscape landscape) {
        String order = landscape.shop().url();
        String coordinator = landscape.coordinatorApi().url();
        narrator.say("Everything stays up. In another terminal:");
        narrator.blank();
        for (String line : List.of(
                "# buy something, with time to look while it is packed",
                "curl -H 'Content-Type: application/json' " + order + "/purchases \\",
                "  -d '{\"userId\":\"bob\",\"commodity\":\"lamp\",\"count\":1,\"amount\":25,\"packingMillis\":10000}'",
                "# meanwhile: what the coordinator knows",
                "curl " + coordinator + "/api/transactions",
                "curl " + coordinator + "/api/locks",
                "# the tables",
                "curl " + order + "/orders",
                "curl http://localhost:" + settings.ports().of(Ports.Use.INVENTORY) + "/stock",
                "curl http://localhost:" + settings.ports().of(Ports.Use.ACCOUNT) + "/accounts",
                "# kill the coordinator, or a service, whenever you like: it is started again",
                "kill -9 " + landscape.coordinator().pid())) {
            narrator.plain("    " + line);
        }
        narrator.say("Ctrl-C ends all of it.");
        while (true) {
            landscape.processes().forEach(this::startAgainIfEnded);
            Pause.millis(200);
        }
    }

    private void startAgainIfEnded(JavaProcess process) {
        if (process.isAlive()) {
            return;
        }
        // Ctrl-C reaches the children as soon as this process; then there is nothing to tell and nothing to restart.
        Pause.millis(500);
        if (ending) {
            return;
        }
        narrator.blank();
        narrator.line("ended", "the " + process.name() + ", pid " + process.pid() + ", with " + process.exitValue());
        try {
            process.start();
            process.awaitReady();
            narrator.line("restarted", "the " + process.name() + ", pid " + process.pid());
        } catch (StoryException e) {
            narrator.line("restarted", "in vain: " + e.getMessage());
        }
    }

    private void end() {
        ending = true;
        Landscape landscape = running.getAndSet(null);
        if (landscape != null) {
            landscape.close();
        }
    }
}
