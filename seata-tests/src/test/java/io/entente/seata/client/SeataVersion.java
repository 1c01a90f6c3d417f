package io.entente.seata.client;

import io.entente.testkit.database.TestDatabase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The versions of Seata's client that an application was built with, each with a class path of its own. There is no 2.4 in the
 * Maven repository. */
public enum SeataVersion {
    V1_4_2("1.4.2"),
    V1_5_2("1.5.2"),
    V1_6_1("1.6.1"),
    V1_7_1("1.7.1"),
    V1_8_0("1.8.0"),
    V2_0_0("2.0.0"),
    V2_1_0("2.1.0"),
    V2_2_0("2.2.0"),
    V2_3_0("2.3.0"),
    V2_5_0("2.5.0"),
    V2_6_0("2.6.0");

    private final String text;

    SeataVersion(String text) {
        this.text = text;
    }

    boolean isAtLeast(SeataVersion other) {
        return compareTo(other) >= 0;
    }

    /** The application's classes, Seata's, and what that needs; nothing of Entente's coordinator or clients. */
    String classPath() throws IOException {
        Path built = Path.of("client", text, "target").toAbsolutePath();
        return built.resolve("classes") + ":" + Files.readString(built.resolve("class-path"));
    }

    /** How the application connects. Seata knows MariaDB from 1.7 on; before, it is a MySQL to it, with MySQL's driver. */
    public String jdbcUrl(TestDatabase database, String name) {
        String url = database.jdbcUrl(name);
        return isAtLeast(V1_7_1) || database.kind() != TestDatabase.Kind.MARIADB
                ? url
                : url.replace("jdbc:mariadb:", "jdbc:mysql:");
    }

    /** What Java needs to be told to run it. */
    List<String> javaOptions() {
        // Made for Java 8: generates classes in a way that later ones forbid.
        return isAtLeast(V1_6_1) ? List.of() : List.of("--add-opens=java.base/java.lang=ALL-UNNAMED");
    }

    @Override
    public String toString() {
        return text;
    }
}
