package io.entente.samples.story;

import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Starts the coordinator and the services of a sample, tells its story and stays up, until Ctrl-C.
 *
 * <p>Settings are environment variables: {@code ENTENTE_SAMPLE_DATABASE} (h2, postgresql or mariadb),
 * {@code ENTENTE_SAMPLE_EXIT} (true: exit after the story, with 0 only when everything held), {@code
 * ENTENTE_SAMPLE_PORTS} (fixed or random) and {@code ENTENTE_SAMPLE_PORT_…} for each port.
 */
public final class Story<T> {

    private final Sample<T> sample;
    private final StorySettings settings;
    private final Narrator narrator;
    private final AtomicReference<@Nullable Landscape> running = new AtomicReference<>();

    private volatile boolean ending;

    private Story(Sample<T> sample, StorySettings settings, Narrator narrator) {
        this.sample = sample;
        this.settings = settings;
        this.narrator = narrator;
    }

    /**
     * All that the main method of a sample does. Ends the process: with 0 when everything held, otherwise with 1.
     *
     * @param sample makes the sample; may throw {@link StoryException} when a setting of its own is wrong
     */
    public static void main(Supplier<? extends Sample<?>> sample) {
        // The database servers that run in, or are started by, this process log a lot; the story is told without.
        System.setProperty("logback.configurationFile", "story-logback.xml");
        Narrator narrator = new Narrator(new PrintStream(System.out, true, StandardCharsets.UTF_8));
        int exitValue;
        try {
            exitValue = of(sample.get(), narrator).tell() ? 0 : 1;
        } catch (StoryException e) {
            narrator.blank();
            narrator.plain(String.valueOf(e.getMessage()));
            exitValue = 1;
        }
        System.exit(exitValue);
    }

    private static <T> Story<T> of(Sample<T> sample, Narrator narrator) {
        return new Story<>(sample, StorySettings.of(sample, System.getenv()), narrator);
    }

    private boolean tell() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end-of-story"));
        if (settings.endWithParent()) {
            ProcessHandle.current().parent().ifPresent(parent -> parent.onExit().thenRun(() -> System.exit(1)));
        }
        narrator.banner("Entente: " + sample.title());
        narrator.blank();
        narrator.plain("  Starting the databases (" + settings.database().text()
                + "), the coordinator and the services. A few seconds ...");
        Landscape landscape = new Landscape(settings, sample.services(), List.of(), sample.serviceArguments());
        running.set(landscape);
        landscape.start();
        introduce(landscape);

        Chapters<T> chapters = new Chapters<>(sample, landscape, narrator);
        sample.tell(chapters);
        boolean allWell = chapters.allWell();
        narrator.blank();
        narrator.banner("The end: " + (allWell ? "every invariant held" : "SOMETHING IS BROKEN, see above"));
        chapters.summary().forEach(line -> narrator.plain("  " + line));
        if (!settings.exit()) {
            stayUp(landscape);
        }
        return allWell;
    }

    private void introduce(Landscape landscape) {
        narrator.blank();
        narrator.line(
                "coordinator",
                process(landscape.coordinator(), landscape.coordinatorApi().url() + "/api/transactions") + "rpc port "
                        + settings.ports().coordinator());
        for (Service service : sample.services()) {
            narrator.line(
                    service.name(),
                    process(landscape.service(service), landscape.url(service) + service.listing())
                            + landscape.databases().url(service));
        }
        narrator.line("logs", settings.directory().toString());
        narrator.line("", "In the tables below, * marks what has changed.");
    }

    private static String process(JavaProcess process, String url) {
        return "pid " + Narrator.pad(String.valueOf(process.pid()), 7) + Narrator.pad(url, 32);
    }

    private void stayUp(Landscape landscape) {
        String coordinator = landscape.coordinatorApi().url();
        List<String> lines = new ArrayList<>(sample.invitation(landscape));
        lines.add("# meanwhile: what the coordinator knows");
        lines.add("curl " + coordinator + "/api/transactions");
        lines.add("curl " + coordinator + "/api/locks");
        lines.add("# the tables");
        sample.services().forEach(service -> lines.add("curl " + landscape.url(service) + service.listing()));
        lines.add("# kill the coordinator, or a service, whenever you like: it is started again");
        lines.add("kill -9 " + landscape.coordinator().pid());
        narrator.say("Everything stays up. In another terminal:");
        narrator.blank();
        lines.forEach(line -> narrator.plain("    " + line));
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
