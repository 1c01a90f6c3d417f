package io.entente.tc.document;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A page of the documentation that says what tests have seen: it is written by them and compared with them. */
public final class GeneratedDocument {

    private static final Path FOLDER = Path.of("../docs");
    private static final boolean WRITE = Boolean.getBoolean("docs.write");

    private GeneratedDocument() {}

    /** Compares the page with what it should be; with {@code -Ddocs.write=true} writes it before. */
    public static void isUpToDate(String name, String content) throws IOException {
        Path file = FOLDER.resolve(name);
        if (WRITE) {
            Files.writeString(file, content);
        }
        assertThat(Files.exists(file) ? Files.readString(file) : "")
                .as("docs/" + name + "; -Ddocs.write=true writes it anew")
                .isEqualTo(content);
    }
}
