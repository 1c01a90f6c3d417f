package io.entente.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * How quiet the machine is while nothing of the benchmark runs: what others take of its processors, and how long its disk takes
 * to sync. Printed before and after, because whoever reads the figures was not there.
 */
final class Noise {
    /** Above, absolute figures say nothing; ratios of systems that took turns still do. */
    private static final double TOO_MUCH = 0.15;

    private static final int SYNCS = 100;
    private static final int SAMPLE_SECONDS = 2;

    private Noise() {}

    /** @param when {@code before} or {@code after} */
    static void print(String when) throws IOException, InterruptedException {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        system.getCpuLoad(); // the next call tells the time since this one
        TimeUnit.SECONDS.sleep(SAMPLE_SECONDS);
        double busy = system.getCpuLoad();
        long[] syncs = syncs();
        System.out.printf(
                Locale.ROOT,
                "Machine %s: %d processors, others take %.0f %% of them, load average %.1f; a sync of its disk p50 %.2f ms,"
                        + " p99 %.2f ms.%s%n",
                when,
                system.getAvailableProcessors(),
                busy * 100,
                system.getSystemLoadAverage(),
                syncs[SYNCS / 2] / 1e6,
                syncs[SYNCS * 99 / 100] / 1e6,
                busy > TOO_MUCH ? " TOO NOISY: run it again when the machine is quiet." : "");
    }

    /** Nanoseconds of each, sorted. */
    private static long[] syncs() throws IOException {
        Path file = Files.createTempFile("entente-benchmark", ".sync");
        long[] nanos = new long[SYNCS];
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            ByteBuffer page = ByteBuffer.allocate(4096);
            for (int i = 0; i < SYNCS; i++) {
                long start = System.nanoTime();
                channel.write(page.clear(), 0);
                channel.force(false);
                nanos[i] = System.nanoTime() - start;
            }
        } finally {
            Files.delete(file);
        }
        Arrays.sort(nanos);
        return nanos;
    }
}
