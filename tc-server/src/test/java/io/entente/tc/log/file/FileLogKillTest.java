package io.entente.tc.log.file;

import static org.assertj.core.api.Assertions.assertThat;

import io.entente.tc.log.TransactionLog;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** Real processes, killed with no chance to clean up. */
class FileLogKillTest {

    private static final int ROUNDS = 10;

    @TempDir
    private Path directory;

    @Test
    @Timeout(value = 180, threadMode = ThreadMode.SEPARATE_THREAD)
    void a_killed_process_loses_nothing_it_acknowledged() throws Exception {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        long before = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long acknowledged = runAndKill(1 + random.nextInt(5_000));
            NumberedState state = new NumberedState();
            long durable;
            try (TransactionLog log = FileLog.open(AppendingProcess.settings(directory), failure -> {})) {
                durable = log.recover(state).lastIndex();
            }
            assertThat(durable).as("round %d, seed %d", round, seed).isGreaterThanOrEqualTo(acknowledged);
            assertThat(acknowledged).as("progress in round %d", round).isGreaterThan(before);
            before = durable;
        }
    }

    /** Kills the process when it has acknowledged so many entries; returns the last one whose acknowledgement was seen. */
    private long runAndKill(int acknowledgements) throws IOException, InterruptedException {
        Process process = JavaProcess.start(AppendingProcess.class, directory.toString());
        long last = 0;
        try (BufferedReader reader =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (int i = 0; i < acknowledgements; i++) {
                last = parse(reader.readLine(), last);
            }
            process.toHandle().destroyForcibly(); // unlike the process itself, leaves its output readable
            // What the process wrote before it died was acknowledged, too; its very last line may be cut.
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                if (line.equals("+" + (last + 1))) {
                    last++;
                }
            }
        } finally {
            process.destroyForcibly().waitFor();
        }
        return last;
    }

    private static long parse(String line, long previous) {
        assertThat(line).as("acknowledgement after %d", previous).startsWith("+");
        long index = Long.parseLong(line.substring(1));
        if (previous != 0) {
            assertThat(index).isEqualTo(previous + 1);
        }
        return index;
    }
}
