package io.entente.tc.log.file;

import io.entente.tc.log.LogUnusableException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A directory of the local file system, locked against other processes. */
final class LocalDisk implements Disk {

    private static final String LOCK_FILE = "lock";

    private final Path directory;
    private final FileChannel lockChannel;

    private LocalDisk(Path directory, FileChannel lockChannel) {
        this.directory = directory;
        this.lockChannel = lockChannel;
    }

    /** @throws LogUnusableException when the directory cannot be used or another process uses it */
    static LocalDisk lock(Path directory) {
        Path absolute = directory.toAbsolutePath().normalize();
        try {
            createDurably(absolute);
            FileChannel channel = FileChannel.open(
                    absolute.resolve(LOCK_FILE),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.READ,
                    StandardOpenOption.WRITE);
            try {
                if (!acquire(channel)) {
                    throw inUse(absolute, channel);
                }
                writeOwner(channel);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
            return new LocalDisk(absolute, channel);
        } catch (FileAlreadyExistsException e) {
            throw new LogUnusableException(
                    "The log directory " + absolute + " is not a directory but a file. Remove the file,"
                            + " or choose another data directory.",
                    e);
        } catch (IOException e) {
            throw new LogUnusableException(
                    "The log directory " + absolute + " cannot be used: " + e
                            + ". The coordinator must be able to create, read and write files there: correct its owner or"
                            + " permissions, or choose another data directory.",
                    e);
        }
    }

    /** A directory that a power failure took away would take the log with it. */
    private static void createDurably(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (Files.isDirectory(directory) || parent == null) {
            return;
        }
        createDurably(parent);
        Files.createDirectory(directory);
        sync(parent);
    }

    private static boolean acquire(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // held by this very process
        }
    }

    private static LogUnusableException inUse(Path directory, FileChannel channel) throws IOException {
        ByteBuffer owner = ByteBuffer.allocate(100);
        while (owner.hasRemaining() && channel.read(owner) >= 0) {
            // until the whole text is there
        }
        String text = StandardCharsets.UTF_8.decode(owner.flip()).toString().strip();
        return new LogUnusableException("The log directory " + directory + " is in use by another coordinator ("
                + (text.isEmpty() ? "process unknown" : text)
                + "). Stop that one first, or give this one a data directory of its own.");
    }

    private static void writeOwner(FileChannel channel) throws IOException {
        channel.truncate(0);
        ByteBuffer owner =
                ByteBuffer.wrap(("process " + ProcessHandle.current().pid() + "\n").getBytes(StandardCharsets.UTF_8));
        while (owner.hasRemaining()) {
            channel.write(owner);
        }
    }

    @Override
    public List<String> list() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Override
    public DiskFile create(String name) throws IOException {
        return openFile(
                name,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    @Override
    public DiskFile open(String name) throws IOException {
        return openFile(name, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private DiskFile openFile(String name, OpenOption... options) throws IOException {
        return new LocalFile(name, FileChannel.open(directory.resolve(name), options));
    }

    @Override
    public void rename(String from, String to) throws IOException {
        Files.move(directory.resolve(from), directory.resolve(to), StandardCopyOption.ATOMIC_MOVE);
    }

    @Override
    public void delete(String name) throws IOException {
        Files.deleteIfExists(directory.resolve(name));
    }

    @Override
    public void syncDirectory() throws IOException {
        sync(directory);
    }

    private static void sync(Path directory) throws IOException {
        if (directory.getFileSystem().getSeparator().equals("\\")) {
            return; // Windows opens no directories; NTFS journals names by itself
        }
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public String locate(String name) {
        return directory.resolve(name).toString();
    }

    @Override
    public void close() throws IOException {
        lockChannel.close();
    }

    private record LocalFile(String name, FileChannel channel) implements DiskFile {

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
            int total = 0;
            while (target.hasRemaining()) {
                int count = channel.read(target, position + total);
                if (count < 0) {
                    break;
                }
                total += count;
            }
            return total;
        }

        @Override
        public void write(ByteBuffer source, long position) throws IOException {
            long at = position;
            while (source.hasRemaining()) {
                at += channel.write(source, at);
            }
        }

        @Override
        public void sync() throws IOException {
            channel.force(false);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }
}
