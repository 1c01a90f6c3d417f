/**
 * The embedded log engine: preallocated segment files in one directory, one group-commit thread, snapshots.
 *
 * <p>What the directory holds, all numbers big-endian:
 *
 * <pre>
 * lock                       held while a process uses the directory; its text names that process
 * segment-&lt;first index&gt;.log  header, then entries, then zeros up to the preallocated size
 * snapshot-&lt;index&gt;.snapshot  header, the state, then its length (8 bytes) and CRC32C over all before it (4 bytes)
 * *.tmp                      unfinished; deleted when the log is opened
 *
 * header  magic (8) | format version (4) | index (8) | CRC32C of these (4)
 * entry   CRC32C of all that follows (4) | payload length (4) | index (8) | place in its write (4) | payload
 * </pre>
 *
 * <p>Why an entry knows its place in its write: several entries go to the disk in one write, and a machine that loses
 * power may keep the later pages of that write and lose the first. So valid data behind a damaged entry proves nothing
 * by itself. But a write starts only after the one before it was synced: an entry of a <em>later</em> write proves that
 * the damaged entry was once on stable storage and perhaps acknowledged. Then the log refuses to open; otherwise it
 * cuts the unfinished write off.
 */
@NullMarked
package io.entente.tc.log.file;

import org.jspecify.annotations.NullMarked;
