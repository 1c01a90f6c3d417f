package io.entente.samples.story;

import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * How to tell the story.
 *
 * @param database where the services keep their tables
 * @param ports who listens where
 * @param exit whether to end after the last chapter instead of staying up
 * @param endWithParent whether to end when the process does that started this one
 * @param coordinatorJar the coordinator, as an executable jar
 * @param directory for the coordinator's data and everybody's logs; emptied at the start
 */
public record StorySettings(
        Database database, Ports ports, boolean exit, boolean endWithParent, Path coordinatorJar, Path directory) {

    /** The environment variable that chooses the database. */
    public static final String DATABASE = "ENTENTE_SAMPLE_DATABASE";

    /** The environment variable that makes the story end after its last chapter. */
    public static final String EXIT = "ENTENTE_SAMPLE_EXIT";

    private static final Path COORDINATOR_JAR = Path.of("tc-server", "target", "server", "tc-server.jar");

    /** @throws StoryException when a setting is wrong or the coordinator has not been built */
    public static StorySettings of(Sample<?> sample, Map<String, String> environment) {
        Class<?> type = sample.getClass();
        return new StorySettings(
                Database.parse(environment.getOrDefault(DATABASE, "h2")),
                Ports.of(sample.services(), environment),
                isTrue(environment.getOrDefault(EXIT, "false")),
                Boolean.getBoolean("sample.end-with-parent"),
                coordinatorJar(classes(type)),
                directoryOf(type));
    }

    /** The same with the directory of this name beside the present one, so that both may be in use. */
    public StorySettings inDirectory(String name) {
        return new StorySettings(database, ports, exit, endWithParent, coordinatorJar, directory.resolveSibling(name));
    }

    static Path directoryOf(Class<?> sample) {
        String other = System.getProperty("sample.directory");
        return other == null ? classes(sample).resolveSibling("sample") : Path.of(other);
    }

    private static boolean isTrue(String text) {
        return switch (text) {
            case "true" -> true;
            case "false", "" -> false;
            default -> throw new StoryException(EXIT + " is '" + text + "'; expected true or false.");
        };
    }

    private static Path coordinatorJar(Path classes) {
        for (Path directory = classes; directory != null; directory = directory.getParent()) {
            Path jar = directory.resolve(COORDINATOR_JAR);
            if (Files.exists(jar)) {
                return jar;
            }
        }
        throw new StoryException("The coordinator has not been built: there is no " + COORDINATOR_JAR + " above "
                + classes + ". Build it, in the root of the project: mvn -q -DskipTests package");
    }

    /** Where a class was loaded from: the folder {@code target/classes}, or the jar next to it. */
    private static Path classes(Class<?> type) {
        try {
            return Path.of(
                    type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new StoryException(type + " was loaded from nowhere in the file system", e);
        }
    }
}
