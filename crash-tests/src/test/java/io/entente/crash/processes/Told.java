package io.entente.crash.processes;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a service got to know of a payment that it owns. It writes that to a file at once, before it tells anybody; a process that is killed
 * has told nobody else.
 *
 * @param xid empty when no transaction has begun
 */
record Told(String payment, String xid, Outcome outcome) {

    enum Outcome {
        COMMITTED,
        ROLLED_BACK,
        UNKNOWN
    }

    void append(Path file) throws IOException {
        // In one write, which a kill does not cut in two; the page cache outlives the process.
        Files.writeString(
                file,
                payment + ";" + xid + ";" + outcome + "\n",
                StandardCharsets.UTF_8,
                StandardOpenOption.CREATE,
                StandardOpenOption.APPEND);
    }

    static Map<String, Told> read(Iterable<Path> files) throws IOException {
        Map<String, Told> told = new LinkedHashMap<>();
        for (Path file : files) {
            if (Files.exists(file)) {
                for (String line : Files.readAllLines(file)) {
                    String[] parts = line.split(";", -1);
                    told.put(parts[0], new Told(parts[0], parts[1], Outcome.valueOf(parts[2])));
                }
            }
        }
        return told;
    }
}
