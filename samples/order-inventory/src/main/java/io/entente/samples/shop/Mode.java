package io.entente.samples.shop;

import io.entente.samples.story.ServiceDatabase;
import io.entente.samples.story.StoryException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** How the databases of the services take part in global transactions. */
enum Mode {
    /** Each service commits at once, and keeps undo rows until the global transaction has ended. */
    AT("undo row", List.of()),

    /** Each database keeps what it is told open, then prepares it, and commits when the global transaction does. */
    XA("prepared branch", List.of("--entente.xa.data-sources=*"));

    /** The environment variable that chooses the mode. */
    static final String SETTING = "ENTENTE_SAMPLE_MODE";

    private final String leftover;
    private final List<String> serviceArguments;

    Mode(String leftover, List<String> serviceArguments) {
        this.leftover = leftover;
        this.serviceArguments = serviceArguments;
    }

    /** @throws StoryException when there is no such mode */
    static Mode of(Map<String, String> environment) {
        String text = environment.getOrDefault(SETTING, "at");
        return switch (text.toLowerCase(Locale.ROOT)) {
            case "at" -> AT;
            case "xa" -> XA;
            default -> throw new StoryException(SETTING + " is '" + text + "'; expected at or xa.");
        };
    }

    /** All that makes the difference to the services. */
    List<String> serviceArguments() {
        return serviceArguments;
    }

    /** What a global transaction leaves behind in a database until it has ended. */
    String leftover() {
        return leftover;
    }

    /** How many of these there are. */
    int countLeftovers(ServiceDatabase database) {
        return switch (this) {
            case AT -> database.count("undo_log");
            case XA ->
                switch (database.kind()) {
                    case H2 -> database.count("information_schema.in_doubt");
                    case POSTGRESQL -> database.count("pg_prepared_xacts WHERE database = current_database()");
                    case MARIADB ->
                        database.query("XA RECOVER", row -> row.getString(4)).size();
                };
        };
    }
}
