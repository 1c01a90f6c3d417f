package io.entente.tc.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.tc.log.LogFailedException;
import io.entente.tc.log.LogUnusableException;
import io.entente.tc.log.RecordedReplay;
import io.entente.tc.log.SnapshottingLogContract;
import io.entente.tc.log.TransactionLog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileLogTest extends SnapshottingLogContract {

    @TempDir
    private Path parent;

    private FileLogSettings settings() {
        return FileLogSettings.in(parent.resolve("new/data"))
                .withSegmentBytes(64 * 1024)
                .withMaxEntryBytes(MAX_ENTRY_BYTES);
    }

    @Override
    protected TransactionLog open(Consumer<LogFailedException> failureListener) {
        return FileLog.open(settings(), failureListener);
    }

    @Test
    void a_directory_serves_one_log_at_a_time() {
        TransactionLog first = FileLog.open(settings(), failure -> {});
        assertThatThrownBy(() -> FileLog.open(settings(), failure -> {}))
                .isInstanceOf(LogUnusableException.class)
                .hasMessageContaining(settings().directory().toString())
                .hasMessageContaining("in use by another coordinator (process "
                        + ProcessHandle.current().pid() + ")")
                .hasMessageContaining("Stop that one first");
        first.close();
        FileLog.open(settings(), failure -> {}).close();
    }

    @Test
    void a_directory_of_another_process_is_refused() throws Exception {
        Process other =
                JavaProcess.start(DirectoryHolder.class, settings().directory().toString());
        try (InputStream output = other.getInputStream()) {
            assertThat(output.read()).isEqualTo('L');
            assertThatThrownBy(() -> FileLog.open(settings(), failure -> {}))
                    .isInstanceOf(LogUnusableException.class)
                    .hasMessageContaining("process " + other.pid());
        } finally {
            other.destroyForcibly().waitFor();
        }
        FileLog.open(settings(), failure -> {}).close();
    }

    @Test
    void a_path_that_is_a_file_is_refused() throws IOException {
        Path file = Files.createFile(parent.resolve("file"));
        assertThatThrownBy(() -> FileLog.open(FileLogSettings.in(file), failure -> {}))
                .isInstanceOf(LogUnusableException.class)
                .hasMessageContaining("not a directory but a file");
    }

    @Test
    void impossible_settings_are_refused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> settings().withSegmentBytes(10))
                .withMessage("segmentBytes is 10, it must be between 1024 and 536870912 bytes");
        assertThatIllegalArgumentException().isThrownBy(() -> settings().withMaxEntryBytes(0));
        assertThatIllegalArgumentException().isThrownBy(() -> settings().withMaxPendingBytes(-1));
    }

    @Test
    void appending_waits_while_too_much_is_on_its_way_to_the_disk() {
        try (TransactionLog log = FileLog.open(settings().withMaxPendingBytes(100), failure -> {})) {
            log.recover(new RecordedReplay());
            for (int i = 0; i < 1000; i++) {
                log.append(payload("x".repeat(i % 200 + 1)), index -> {});
            }
        }
        RecordedReplay replay = new RecordedReplay();
        try (TransactionLog log = FileLog.open(settings(), failure -> {})) {
            log.recover(replay);
        }
        assertThat(replay.lastIndex()).isEqualTo(1000);
    }

    @Test
    void a_snapshot_deletes_the_files_it_replaces_and_nothing_foreign() throws Exception {
        try (TransactionLog log = FileLog.open(settings(), failure -> {})) {
            log.recover(new RecordedReplay());
            Files.writeString(settings().directory().resolve("notes.txt"), "mine");
            for (int i = 1; i <= 100; i++) {
                log.append(payload("y".repeat(5_000)), index -> {});
                if (i % 30 == 0) {
                    log.snapshot(i, state -> state.write(1)).get();
                }
            }
            log.snapshot(100, state -> state.write(2)).get();
        }
        assertThat(fileNames())
                .filteredOn(name -> !name.startsWith("segment-"))
                .containsExactlyInAnyOrder("lock", "notes.txt", "snapshot-0000000000000000100.snapshot");
        assertThat(fileNames()).filteredOn(name -> name.startsWith("segment-")).hasSize(1);
    }

    @Test
    void a_running_log_holds_a_spare_file_and_a_closed_one_does_not() {
        try (TransactionLog log = FileLog.open(settings(), failure -> {})) {
            log.recover(new RecordedReplay());
            Awaitility.await().untilAsserted(() -> assertThat(fileNames()).anyMatch(name -> name.endsWith(".tmp")));
        }
        assertThat(fileNames()).containsExactlyInAnyOrder("lock", "segment-0000000000000000001.log");
    }

    private List<String> fileNames() {
        try (Stream<Path> files = Files.list(settings().directory())) {
            return files.map(file -> file.getFileName().toString()).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
