package io.nodedb.base.settings;

import java.time.Duration;
import java.util.List;

/** Numbers of the write-ahead log and of checkpoints. */
public final class WalSettings {
    private static final long KIB = 1L << 10;
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;

    public static final Setting<Long> WAL_SEGMENT =
            Setting.bytes("wal_segment", 16 * MIB, 64 * KIB, GIB, "Size of a log segment.");

    public static final Setting<Integer> WAL_SPARE_SEGMENTS =
            Setting.count(
                    "wal_spare_segments",
                    1,
                    1,
                    16,
                    "Segments that are prepared ahead of need: a new one is begun when less than"
                            + " half of the last of them is left.");

    public static final Setting<Long> WAL_RECYCLE =
            Setting.bytes(
                    "wal_recycle",
                    256 * MIB,
                    0,
                    16 * GIB,
                    "Most log that is kept to be written over after a checkpoint; never more than"
                            + " is written between two.");

    public static final Setting<Long> WAL_RING =
            Setting.bytes(
                    "wal_ring",
                    4 * MIB,
                    8 * KIB,
                    64 * MIB,
                    "Ring of records between a core and the log writer; a power of two. A record"
                            + " is at most a quarter of it.");

    public static final Setting<Integer> WAL_UNACKNOWLEDGED =
            Setting.count(
                    "wal_unacknowledged",
                    16_384,
                    64,
                    1 << 20,
                    "Records of one core that may wait for the log; a power of two.");

    public static final Setting<Long> WAL_GROUP =
            Setting.bytes(
                    "wal_group", 4 * MIB, 8 * KIB, 64 * MIB, "Most bytes that one write carries.");

    public static final Setting<Duration> ASYNC_SYNC_INTERVAL =
            Setting.duration(
                    "async_sync_interval",
                    Duration.ofSeconds(1),
                    Duration.ofMillis(1),
                    Duration.ofMinutes(1),
                    "Longest time that an asynchronous write stays unsynced.");

    public static final Setting<Duration> WAL_GATHER =
            Setting.duration(
                    "wal_gather",
                    Duration.ofMillis(2),
                    Duration.ZERO,
                    Duration.ofSeconds(1),
                    "Longest wait before a sync for clients that were answered by the last one and"
                            + " come back at once; half of what a sync takes if that is less.");

    public static final Setting<Duration> WAL_RETRY_INTERVAL =
            Setting.duration(
                    "wal_retry_interval",
                    Duration.ofSeconds(1),
                    Duration.ofMillis(1),
                    Duration.ofMinutes(1),
                    "Time between attempts to get space on a full disk.");

    public static final Setting<Long> WAL_KEEP =
            Setting.bytes(
                    "wal_keep",
                    GIB,
                    0,
                    1L << 50,
                    "Log that is kept for feeds which lag behind; the smaller of this and"
                            + " wal_keep_time counts.");

    public static final Setting<Duration> WAL_KEEP_TIME =
            Setting.duration(
                    "wal_keep_time",
                    Duration.ofHours(24),
                    Duration.ZERO,
                    Duration.ofDays(365),
                    "Age of the log that is kept for feeds which lag behind.");

    public static final Setting<Duration> CHECKPOINT_INTERVAL =
            Setting.duration(
                    "checkpoint_interval",
                    Duration.ofMinutes(5),
                    Duration.ofMillis(1),
                    Duration.ofDays(1),
                    "Time after which engines that changed are checkpointed.");

    public static final Setting<Duration> CHECKPOINT_IDLE =
            Setting.duration(
                    "checkpoint_idle",
                    Duration.ofMinutes(1),
                    Duration.ofMillis(1),
                    Duration.ofDays(1),
                    "Time without a request, and since the last checkpoint, after which a core"
                            + " checkpoints engines that changed before checkpoint_interval is over.");

    public static final Setting<Long> CHECKPOINT_WAL =
            Setting.bytes(
                    "checkpoint_wal",
                    256 * MIB,
                    64 * KIB,
                    1L << 50,
                    "Log that no checkpoint covers yet, at which one starts early.");

    public static final Setting<Integer> CHECKPOINT_DELTAS =
            Setting.count(
                    "checkpoint_deltas",
                    16,
                    1,
                    // A manifest holds 256 files, and merging may have to wait for memory.
                    128,
                    "Incremental checkpoint files at which a new base is written.");

    /** Every setting of this class. */
    public static final List<Setting<?>> ALL =
            List.of(
                    WAL_SEGMENT,
                    WAL_SPARE_SEGMENTS,
                    WAL_RECYCLE,
                    WAL_RING,
                    WAL_UNACKNOWLEDGED,
                    WAL_GROUP,
                    ASYNC_SYNC_INTERVAL,
                    WAL_GATHER,
                    WAL_RETRY_INTERVAL,
                    WAL_KEEP,
                    WAL_KEEP_TIME,
                    CHECKPOINT_INTERVAL,
                    CHECKPOINT_IDLE,
                    CHECKPOINT_WAL,
                    CHECKPOINT_DELTAS);

    private WalSettings() {}
}
