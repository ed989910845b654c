package io.nodedb.simulator;

import io.nodedb.base.settings.EventSettings;
import io.nodedb.base.settings.RowSettings;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.base.settings.WalSettings;
import java.time.Duration;
import java.util.SplittableRandom;

/**
 * What a seed does, drawn from it before anything happens.
 *
 * @param lives starts of the database, each but the last ended by a crash, a kill or a clean stop
 * @param stepsPerLife most steps of the scheduler in one life
 * @param keys plain keys in each collection; few, so that there are conflicts
 * @param tinyKeep the log is kept for feeds hardly at all: they meet gaps
 * @param wallClockSteps the wall clock is set, back and forth
 * @param diskFaults calls to the disk fail in some lives
 * @param fullDisk the disk is full for a while in some lives
 * @param latencies calls to the disk take time
 * @param bitFlip after all, a byte in a file of the stopped database is changed
 */
record SimulationPlan(
        int partitions,
        int lives,
        int stepsPerLife,
        int keyValueActors,
        int transactionActors,
        int keys,
        boolean tinyKeep,
        boolean wallClockSteps,
        boolean diskFaults,
        boolean fullDisk,
        boolean latencies,
        boolean bitFlip,
        Settings settings) {
    private static final int[] PARTITIONS = {1, 2, 5};
    private static final int MAX_CORES = 3;

    static SimulationPlan draw(SplittableRandom random) {
        int partitions = PARTITIONS[random.nextInt(PARTITIONS.length)];
        boolean tinyKeep = random.nextInt(8) == 0;
        boolean faults = random.nextInt(4) == 0;
        return new SimulationPlan(
                partitions,
                2 + random.nextInt(3),
                600 + random.nextInt(1_800),
                1 + random.nextInt(4),
                1 + random.nextInt(4),
                2 + random.nextInt(8),
                tinyKeep,
                random.nextInt(6) == 0,
                faults,
                random.nextInt(8) == 0,
                random.nextInt(4) == 0,
                random.nextInt(3) == 0,
                settings(partitions, tinyKeep, random));
    }

    private static Settings settings(int partitions, boolean tinyKeep, SplittableRandom random) {
        Settings settings =
                Settings.defaults()
                        .with(RuntimeSettings.PARTITIONS, partitions)
                        .with(RuntimeSettings.RING_CAPACITY, 1 << (3 + random.nextInt(4)))
                        .with(RuntimeSettings.LOCAL_QUEUE, 16)
                        .with(RuntimeSettings.TASKS_PER_TURN, 1 + random.nextInt(16))
                        .with(RuntimeSettings.CHUNKS_PER_PORT, 4)
                        .with(RuntimeSettings.CHUNKS_PER_REQUEST, 1 + random.nextInt(3))
                        .with(RuntimeSettings.CHUNK_BYTES, 1L << 10)
                        .with(RuntimeSettings.SNAPSHOT_SLOTS, 64)
                        .with(RuntimeSettings.FINGERPRINTS, 16)
                        .with(RuntimeSettings.JOB_PAUSE, Duration.ofMillis(200))
                        .with(EventSettings.EVENT_RING, 8)
                        .with(EventSettings.EVENT_RING_BYTES, 8L << 10)
                        .with(EventSettings.HEARTBEAT_MIN, Duration.ofMillis(50))
                        .with(EventSettings.HEARTBEAT_MAX, Duration.ofMillis(80))
                        .with(WalSettings.WAL_SEGMENT, 64L << 10)
                        .with(WalSettings.WAL_RING, 8L << 10)
                        .with(WalSettings.WAL_GROUP, 8L << 10)
                        .with(WalSettings.WAL_UNACKNOWLEDGED, 64)
                        .with(WalSettings.WAL_RETRY_INTERVAL, Duration.ofMillis(50))
                        .with(WalSettings.ASYNC_SYNC_INTERVAL, Duration.ofMillis(100))
                        .with(
                                WalSettings.CHECKPOINT_INTERVAL,
                                Duration.ofMillis(50L << random.nextInt(6)))
                        .with(WalSettings.CHECKPOINT_DELTAS, 1 + random.nextInt(3))
                        .with(RowSettings.ROWS_MEMTABLE, 64L << 10)
                        .with(RowSettings.ROWS_BLOCK, 1L << 10)
                        .with(RowSettings.ROWS_FILE, 64L << 10)
                        .with(RowSettings.ROWS_LEVEL_ZERO, 1 + random.nextInt(3))
                        .with(RowSettings.ROWS_LEVEL_ONE, 64L << 10)
                        .with(RowSettings.ROWS_CACHE, 64L << (10 + random.nextInt(3)))
                        .with(RowSettings.ROWS_RETRY, Duration.ofMillis(100));
        return tinyKeep
                ? settings.with(WalSettings.WAL_KEEP, 0L)
                : settings.with(WalSettings.WAL_KEEP, 1L << 30);
    }

    /** Cores of the next life; their number may change at every start. */
    static int drawCores(SplittableRandom random) {
        return 1 + random.nextInt(MAX_CORES);
    }
}
