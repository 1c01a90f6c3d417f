package io.entente.tc.log.file;

import java.nio.file.Path;

/** Takes a log directory, says so on its standard output, and holds it until the process is killed. */
final class DirectoryHolder {

    private DirectoryHolder() {}

    public static void main(String[] arguments) throws InterruptedException {
        LocalDisk.lock(Path.of(arguments[0]));
        System.out.println("L");
        Thread.currentThread().join();
    }
}
