package io.nodedb.bench.startup;

import io.nodedb.KeyValue;
import io.nodedb.NodeDb;
import io.nodedb.bench.trial.ProcessorTime;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Opens a database, writes a little, then does nothing and says what that cost. */
final class IdleProbe {
    private static final int ROWS = 1_000;

    /** For what comes after a start: the compiler's threads, the first heartbeats. */
    private static final long SETTLING_MILLIS = 5_000;

    private static final long KIB = 1_024;

    private IdleProbe() {}

    /** Arguments: the directory, the time in milliseconds. Says nanoseconds and bytes. */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        long millis = Long.parseLong(arguments[1]);
        try (NodeDb database = NodeDb.open(Path.of(arguments[0]))) {
            KeyValue rows = database.kv("rows");
            for (int i = 0; i < ROWS; i++) {
                rows.put(FirstRow.KEY + i, FirstRow.VALUE);
            }
            doNothing(Math.min(SETTLING_MILLIS, millis));
            long before = ProcessorTime.nanos();
            doNothing(millis);
            long processor = ProcessorTime.nanos() - before;
            Said.say(Said.IDLE, processor + " " + residentBytes());
        }
    }

    private static void doNothing(long millis) throws InterruptedException {
        boolean ignored = new CountDownLatch(1).await(millis, TimeUnit.MILLISECONDS);
    }

    private static long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream()
                        .filter(line -> line.startsWith("VmRSS:"))
                        .map(line -> line.replaceAll("\\D", ""))
                        .mapToLong(Long::parseLong)
                        .findFirst()
                        .orElseThrow()
                * KIB;
    }
}
