package io.entente.samples.story;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The kinds of databases that the samples run on. */
public enum Database {
    H2,
    POSTGRESQL,
    MARIADB;

    /** As it is written in settings, and the platform in the names of the schema files. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Database parse(String text) {
        return Arrays.stream(values())
                .filter(database -> database.text().equalsIgnoreCase(text))
                .findFirst()
                .orElseThrow(() -> new StoryException(StorySettings.DATABASE + " is '" + text + "'; expected one of "
                        + Arrays.stream(values()).map(Database::text).collect(Collectors.joining(", ")) + "."));
    }
}
