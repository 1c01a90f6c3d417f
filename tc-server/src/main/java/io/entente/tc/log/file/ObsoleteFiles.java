package io.entente.tc.log.file;

import java.io.IOException;
import java.util.NavigableSet;

/** Deletes what a durable snapshot has made superfluous. */
final class ObsoleteFiles {

    private ObsoleteFiles() {}

    /**
     * Deletes older snapshots, and segments that end before the snapshot does. A crash in between leaves superfluous files,
     * which the next recovery ignores and deletes. The newest segment always stays.
     */
    static void delete(Disk disk, NavigableSet<Long> segments, long snapshotIndex) throws IOException {
        for (String name : disk.list()) {
            long index = FileKind.SNAPSHOT.indexOf(name).orElse(snapshotIndex);
            if (index < snapshotIndex) {
                disk.delete(name);
            }
        }
        while (!segments.isEmpty()) {
            long first = segments.first();
            Long following = segments.higher(first);
            if (following == null || following > snapshotIndex + 1) {
                return;
            }
            disk.delete(FileKind.SEGMENT.fileName(first));
            segments.remove(first);
        }
    }
}
