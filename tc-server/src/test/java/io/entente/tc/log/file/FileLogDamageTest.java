package io.entente.tc.log.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.entente.tc.log.LogUnusableException;
import io.entente.tc.log.Recovery;
import io.entente.tc.log.TransactionLog;
import io.entente.tc.log.batch.EntryFormat;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.Timeout.ThreadMode;
import org.junit.jupiter.api.io.TempDir;

/** A torn end is cut off and the log goes on; damage to what was once synced is refused. */
@Timeout(value = 300, threadMode = ThreadMode.SEPARATE_THREAD)
class FileLogDamageTest {

    private static final int ENTRIES = 12;

    @TempDir
    private Path directory;

    /** Offset at which each entry of the first segment ends; element 0 is where the first one starts. */
    private final List<Integer> ends = new ArrayList<>();

    private FileLogSettings settings() {
        return FileLogSettings.in(directory).withSegmentBytes(4 * 1024);
    }

    /** Every entry is a write of its own, so each is proof that the ones before were synced. */
    @BeforeEach
    void write_entries() {
        ends.add(FileKind.HEADER_BYTES);
        NumberedState state = new NumberedState();
        try (TransactionLog log = FileLog.open(settings().withSegmentBytes(16 * 1024), failure -> {})) {
            log.recover(state);
            for (int i = 0; i < ENTRIES; i++) {
                ByteBuffer entry = state.next();
                ends.add(ends.get(i) + EntryFormat.HEADER_BYTES + entry.remaining());
                appendDurably(log, entry);
            }
        }
    }

    @Test
    void a_file_that_ends_anywhere_in_the_last_entry_loses_that_entry_only() throws IOException {
        byte[] intact = Files.readAllBytes(segment(1));
        for (int end = lastStart(); end < lastEnd(); end++) {
            Files.write(segment(1), Arrays.copyOf(intact, end));
            requireEntries(ENTRIES - 1, end - lastStart());
            Files.write(segment(1), intact);
        }
    }

    @Test
    void a_last_entry_of_which_anything_is_garbled_is_cut_off_and_the_log_goes_on() throws IOException {
        byte[] intact = Files.readAllBytes(segment(1));
        Random random = new Random(5);
        for (int offset = lastStart(); offset < lastEnd(); offset++) {
            byte[] garbled = intact.clone();
            garbled[offset] ^= (byte) (1 << random.nextInt(8));
            Files.write(segment(1), garbled);
            requireEntries(ENTRIES - 1, -1);
            NumberedState state = new NumberedState();
            try (TransactionLog log = FileLog.open(settings(), failure -> {})) {
                log.recover(state);
                log.append(state.next(), index -> {});
            }
            assertThat(Files.readAllBytes(segment(1))).as("offset %d", offset).startsWith(prefix(intact, lastStart()));
            requireEntries(ENTRIES, 0);
        }
    }

    @Test
    void random_rubbish_behind_the_last_entry_is_cut_off_for_good() throws IOException {
        for (int seed = 0; seed < 50; seed++) {
            byte[] content = Files.readAllBytes(segment(1));
            Random random = new Random(seed);
            for (int i = lastEnd(); i < Math.min(content.length, lastEnd() + 1 + random.nextInt(500)); i++) {
                content[i] = (byte) random.nextInt(256);
            }
            Files.write(segment(1), content);
            requireEntries(ENTRIES, -1);
            requireEntries(ENTRIES, 0);
        }
    }

    @Test
    void damage_anywhere_before_the_last_entry_keeps_the_log_from_starting() throws IOException {
        byte[] intact = Files.readAllBytes(segment(1));
        Random random = new Random(9);
        for (int offset = FileKind.HEADER_BYTES; offset < lastStart(); offset++) {
            byte[] damaged = intact.clone();
            damaged[offset] ^= (byte) (1 << random.nextInt(8));
            Files.write(segment(1), damaged);
            requireRefused();
            assertThat(Files.readAllBytes(segment(1)))
                    .as("unchanged at offset %d", offset)
                    .isEqualTo(damaged);
        }
    }

    @Test
    void the_refusal_names_file_offset_expectation_and_remedy() throws IOException {
        byte[] damaged = Files.readAllBytes(segment(1));
        damaged[ends.get(4) + EntryFormat.HEADER_BYTES] ^= 1;
        Files.write(segment(1), damaged);
        assertThatThrownBy(this::open)
                .isInstanceOf(LogUnusableException.class)
                .hasMessageContaining(segment(1).toString())
                .hasMessageContaining("at offset " + ends.get(4) + " entry 5 is expected")
                .hasMessageContaining("the checksum is ")
                .hasMessageContaining("entry 6 behind it is intact")
                .hasMessageContaining("restore it as a whole from a backup");
    }

    @Test
    void a_zeroed_block_in_the_middle_is_refused() throws IOException {
        byte[] damaged = Files.readAllBytes(segment(1));
        Arrays.fill(damaged, ends.get(3), ends.get(6), (byte) 0);
        Files.write(segment(1), damaged);
        requireRefused();
    }

    @Test
    void an_unfinished_write_of_several_entries_is_cut_off_even_if_later_parts_of_it_are_intact() throws IOException {
        // Entries 11 and 12 become one write, whose first page did not reach the disk.
        byte[] content = Files.readAllBytes(segment(1));
        EntryFormat format = new EntryFormat();
        format.seal(ByteBuffer.wrap(content), ends.get(ENTRIES - 1), 1);
        Arrays.fill(content, ends.get(ENTRIES - 2), ends.get(ENTRIES - 1), (byte) 0);
        Files.write(segment(1), content);
        requireEntries(ENTRIES - 2, lastEnd() - ends.get(ENTRIES - 2));
    }

    @Test
    void a_missing_segment_is_refused() throws IOException {
        fillSegments();
        List<Path> segments = segments();
        assertThat(segments).hasSizeGreaterThan(3);
        for (int i = 0; i < segments.size() - 1; i++) {
            Path aside = directory.resolveSibling(directory.getFileName() + "-aside");
            Files.move(segments.get(i), aside);
            requireRefused();
            Files.move(aside, segments.get(i));
        }
        open();
    }

    @Test
    void a_torn_end_of_a_segment_that_is_not_the_last_is_refused() throws IOException {
        fillSegments();
        Path first = segments().get(1);
        byte[] content = Files.readAllBytes(first);
        int end = content.length;
        while (content[end - 1] == 0) {
            end--;
        }
        content[end - 1] ^= 1;
        Files.write(first, content);
        assertThatThrownBy(this::open)
                .isInstanceOf(LogUnusableException.class)
                .hasMessageContaining(first.toString())
                .hasMessageContaining(
                        "because the next segment file is " + segments().get(2).getFileName());
    }

    @Test
    void a_renamed_segment_and_a_damaged_header_are_refused() throws IOException {
        Files.move(segment(1), segment(2));
        assertThatThrownBy(this::open).hasMessageContaining("entries from 1 on are needed");
        Files.move(segment(2), segment(1));
        byte[] intact = Files.readAllBytes(segment(1));
        for (int offset = 0; offset < FileKind.HEADER_BYTES; offset++) {
            byte[] damaged = intact.clone();
            damaged[offset] ^= 1;
            Files.write(segment(1), damaged);
            requireRefused();
        }
    }

    @Test
    void a_newer_format_is_refused_without_a_change() throws IOException {
        byte[] newer = Files.readAllBytes(segment(1));
        ByteBuffer.wrap(newer).putInt(8, FileKind.FORMAT_VERSION + 1);
        Files.write(segment(1), newer);
        assertThatThrownBy(this::open)
                .isInstanceOf(LogUnusableException.class)
                .hasMessageContaining("written by a newer Entente: its format version is 2")
                .hasMessageContaining("Start the newer version");
        assertThat(Files.readAllBytes(segment(1))).isEqualTo(newer);
    }

    @Test
    void a_snapshot_of_which_anything_is_garbled_or_cut_is_refused() throws IOException {
        snapshot();
        Path file = directory.resolve(FileKind.SNAPSHOT.fileName(ENTRIES));
        byte[] intact = Files.readAllBytes(file);
        for (int offset = 0; offset < intact.length; offset++) {
            byte[] damaged = intact.clone();
            damaged[offset] ^= 1;
            Files.write(file, damaged);
            requireRefused();
            Files.write(file, Arrays.copyOf(intact, offset));
            requireRefused();
        }
        Files.write(file, intact);
        requireEntries(ENTRIES, 0);
    }

    @Test
    void a_log_that_ends_before_its_snapshot_is_refused() throws IOException {
        snapshot();
        byte[] content = Files.readAllBytes(segment(1));
        Arrays.fill(content, lastStart(), lastEnd(), (byte) 0);
        Files.write(segment(1), content);
        assertThatThrownBy(this::open)
                .isInstanceOf(LogUnusableException.class)
                .hasMessageContaining("its last entry is 11, but the snapshot rests on entry 12");
        Files.delete(segment(1));
        assertThatThrownBy(this::open).hasMessageContaining("there is no segment file at all");
    }

    @Test
    void unfinished_and_superfluous_files_are_ignored_and_deleted() throws IOException {
        fillSegments();
        Path copies = Files.createDirectory(directory.resolveSibling(directory.getFileName() + "-copies"));
        for (Path segment : segments()) {
            Files.copy(segment, copies.resolve(segment.getFileName()));
        }
        snapshot();
        Path oldest = segments().get(0);
        for (Path copy : List.of(segment(1), directory.resolve("segment-7.tmp"), directory.resolve("snapshot-9.tmp"))) {
            Files.copy(copies.resolve(segment(1).getFileName()), copy);
        }
        Files.write(directory.resolve(FileKind.SNAPSHOT.fileName(3)), new byte[] {1, 2, 3});
        open();
        assertThat(segments()).containsExactly(oldest);
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).hasSize(3).noneMatch(file -> file.toString().endsWith(".tmp"));
        }
    }

    private void fillSegments() {
        NumberedState state = new NumberedState();
        try (TransactionLog log = FileLog.open(settings(), failure -> {})) {
            log.recover(state);
            for (int i = 0; i < 200; i++) {
                log.append(state.next(), index -> {});
            }
        }
    }

    private void snapshot() {
        NumberedState state = new NumberedState();
        try (TransactionLog log = FileLog.open(settings(), failure -> {})) {
            log.recover(state);
            log.snapshot(state.index(), state.frozen()).join();
        }
    }

    private NumberedState open() {
        NumberedState state = new NumberedState();
        try (TransactionLog log = FileLog.open(settings(), failure -> {})) {
            log.recover(state);
        }
        return state;
    }

    private void requireRefused() {
        assertThatThrownBy(this::open)
                .isInstanceOf(LogUnusableException.class)
                .hasMessageContaining(directory.toString())
                .hasMessageMatching("(?s).*(Keep this directory|Start the newer version).*");
    }

    /** @param discarded bytes cut off, or -1 for any number but none */
    private void requireEntries(int count, int discarded) {
        NumberedState state = new NumberedState();
        try (TransactionLog log = FileLog.open(settings(), failure -> {})) {
            Recovery recovery = log.recover(state);
            assertThat(state.index()).isEqualTo(count);
            if (discarded >= 0) {
                assertThat(recovery.discardedBytes()).isLessThanOrEqualTo(discarded);
            }
        }
    }

    private static void appendDurably(TransactionLog log, ByteBuffer entry) {
        CountDownLatch durable = new CountDownLatch(1);
        log.append(entry, index -> durable.countDown());
        try {
            assertThat(durable.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private Path segment(long firstIndex) {
        return directory.resolve(FileKind.SEGMENT.fileName(firstIndex));
    }

    private List<Path> segments() {
        try (Stream<Path> files = Files.list(directory)) {
            return files.filter(file -> file.toString().endsWith(".log"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private int lastStart() {
        return ends.get(ENTRIES - 1);
    }

    private int lastEnd() {
        return ends.get(ENTRIES);
    }

    private static byte[] prefix(byte[] content, int length) {
        return Arrays.copyOf(content, length);
    }
}
