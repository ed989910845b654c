package io.nodedb.base.settings;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Numbers of the Data Plane and the bridge. */
public final class RuntimeSettings {
    private static final Duration NONE = Duration.ZERO;
    private static final Duration LONG = Duration.ofDays(365);

    // Cores and their loop

    public static final Setting<Integer> DATA_CORES =
            Setting.count("data_cores", 0, 0, 1_024, "Data cores; 0 takes processors - 1.");

    public static final Setting<Integer> PARTITIONS =
            Setting.count(
                    "partitions",
                    0,
                    0,
                    1_024,
                    "Partitions of a database when it is created; 0 takes one per data core.");

    public static final Setting<Integer> TASKS_PER_TURN =
            Setting.count(
                    "tasks_per_turn", 256, 1, 1 << 20, "Most tasks that a core runs in a turn.");

    public static final Setting<Integer> BACKGROUND_TURN_SHARE =
            Setting.count(
                    "background_turn_share",
                    16,
                    1,
                    1 << 10,
                    "Background tasks get at least one task in so many.");

    public static final Setting<Duration> POLL_TIMEOUT =
            Setting.duration(
                    "poll_timeout",
                    Duration.ofMillis(100),
                    Duration.ofMillis(1),
                    LONG,
                    "Longest time that a core sleeps.");

    public static final Setting<Duration> SPIN =
            Setting.duration(
                    "spin",
                    Duration.ofNanos(20_000),
                    NONE,
                    Duration.ofMillis(10),
                    "Longest time that a core looks at its rings before it sleeps; it adapts"
                            + " below this, to 0 where processors are scarce.");

    public static final Setting<Duration> QUANTUM =
            Setting.duration(
                    "quantum",
                    Duration.ofNanos(500_000),
                    Duration.ofNanos(1_000),
                    Duration.ofSeconds(1),
                    "Time that a long task runs before others get their turn.");

    public static final Setting<Duration> STOP_LIMIT =
            Setting.duration(
                    "stop_limit",
                    Duration.ofSeconds(30),
                    NONE,
                    LONG,
                    "Longest time that a stop waits for running work.");

    public static final Setting<Integer> LOCAL_QUEUE =
            Setting.count(
                    "local_queue",
                    4_096,
                    16,
                    1 << 20,
                    "Requests of one priority that wait inside a core; a power of two.");

    // Maintenance

    public static final Setting<Integer> MAINTENANCE_SHARE =
            Setting.percent(
                    "maintenance_share",
                    10,
                    "Share of a busy core's time that maintenance gets; an idle core gives more.");

    public static final Setting<Duration> MAINTENANCE_SLICE =
            Setting.duration(
                    "maintenance_slice",
                    Duration.ofNanos(200_000),
                    Duration.ofNanos(1_000),
                    Duration.ofSeconds(1),
                    "Longest slice of maintenance in one turn.");

    public static final Setting<Long> MAINTENANCE_IO =
            Setting.bytes(
                    "maintenance_io",
                    64L << 20,
                    1L << 10,
                    1L << 40,
                    "Bytes per second that background work of one core may read and write.");

    public static final Setting<Duration> COMPACTION_INTERVAL =
            Setting.duration(
                    "compaction_interval",
                    Duration.ofMinutes(10),
                    Duration.ofMillis(1),
                    LONG,
                    "Time between automatic compactions.");

    public static final Setting<Double> TOMBSTONE_RATIO =
            Setting.ratio(
                    "tombstone_ratio",
                    0.2,
                    "Share of dead memory that deletions left above which a collection is compacted.");

    public static final Setting<Duration> MAX_SNAPSHOT_AGE =
            Setting.duration(
                    "max_snapshot_age",
                    Duration.ofMinutes(5),
                    Duration.ofMillis(1),
                    LONG,
                    "Age at which a snapshot may lose its versions; backups are excepted.");

    public static final Setting<Integer> SNAPSHOT_SLOTS =
            Setting.count(
                    "snapshot_slots", 1_024, 64, 1 << 16, "Snapshots that may be open at a time.");

    public static final Setting<Integer> IO_THREADS =
            Setting.count("io_threads", 4, 1, 256, "Threads that read blocks for parked tasks.");

    public static final Setting<Integer> BACKGROUND_WORKERS =
            Setting.count(
                    "background_workers",
                    0,
                    0,
                    64,
                    "Threads that flush, compact and checkpoint; 0 takes 1 on up to two"
                            + " processors, otherwise 2.");

    // Panic isolation

    public static final Setting<Integer> WATCHDOG_FAILURES =
            Setting.count(
                    "watchdog_failures",
                    3,
                    1,
                    1_000,
                    "Unexpected failures in the window that degrade a core.");

    public static final Setting<Duration> WATCHDOG_WINDOW =
            Setting.duration(
                    "watchdog_window",
                    Duration.ofMinutes(1),
                    Duration.ofMillis(1),
                    LONG,
                    "Window in which failures are counted, from the first of them.");

    public static final Setting<Duration> DEGRADED_TIME =
            Setting.duration(
                    "degraded_time",
                    Duration.ofSeconds(30),
                    Duration.ofMillis(1),
                    LONG,
                    "Time after which a degraded core recovers.");

    public static final Setting<Duration> JOB_PAUSE =
            Setting.duration(
                    "job_pause",
                    Duration.ofSeconds(30),
                    NONE,
                    LONG,
                    "Pause of a background job for a collection after it failed there.");

    public static final Setting<Duration> POISON_WINDOW =
            Setting.duration(
                    "poison_window",
                    Duration.ofSeconds(30),
                    NONE,
                    LONG,
                    "Time for which a request that failed twice is refused.");

    public static final Setting<Integer> POISON_FAILURES =
            Setting.count(
                    "poison_failures",
                    2,
                    1,
                    1_000,
                    "Failures of one request from which on it is refused; also the most that one"
                            + " request counts for the watchdog.");

    public static final Setting<Integer> FINGERPRINTS =
            Setting.count(
                    "fingerprints", 1_024, 1, 1 << 20, "Failed requests that a core remembers.");

    // The bridge

    public static final Setting<Integer> RING_CAPACITY =
            Setting.count(
                    "ring_capacity",
                    4_096,
                    2,
                    1 << 20,
                    "Requests of one lane to one core that may be open; a power of two.");

    public static final Setting<Integer> RING_SLOW =
            Setting.percent(
                    "ring_slow", 85, "Fill of a ring at which its lane is asked to slow down.");

    public static final Setting<Integer> RING_STOP =
            Setting.percent(
                    "ring_stop",
                    95,
                    "Fill of a ring at which its lane stops reading, until it is below ring_slow.");

    public static final Setting<Integer> RING_TENANT_SHARE =
            Setting.percent(
                    "ring_tenant_share",
                    50,
                    "Most of a ring that one tenant may hold while others are active.");

    public static final Setting<Integer> CHUNKS_PER_PORT =
            Setting.count(
                    "chunks_per_port", 32, 1, 1 << 16, "Partial results of one lane and core.");

    public static final Setting<Integer> CHUNKS_PER_REQUEST =
            Setting.count(
                    "chunks_per_request",
                    4,
                    1,
                    1 << 16,
                    "Partial results of one request that may be under way.");

    public static final Setting<Long> CHUNK_BYTES =
            Setting.bytes("chunk_bytes", 64L << 10, 1L << 10, 16L << 20, "Size of a chunk.");

    public static final Setting<Integer> EVENT_LOOPS =
            Setting.count(
                    "event_loops", 0, 0, 1_024, "Network lanes; 0 takes processors - data cores.");

    public static final Setting<Duration> REQUEST_DEADLINE =
            Setting.duration(
                    "request_deadline",
                    Duration.ofSeconds(30),
                    Duration.ofMillis(1),
                    LONG,
                    "Time that a key-value or single-row request may take.");

    public static final Setting<Duration> STATEMENT_TIMEOUT =
            Setting.duration(
                    "statement_timeout",
                    NONE,
                    NONE,
                    LONG,
                    "Time that a statement may take; 0: any.");

    public static final Setting<Duration> LEASE =
            Setting.duration(
                    "lease",
                    Duration.ofSeconds(30),
                    Duration.ofMillis(1),
                    LONG,
                    "Time without a sign of life after which a request without deadline counts as"
                            + " lost.");

    public static final Setting<Duration> TRACKER_GRACE =
            Setting.duration(
                    "tracker_grace",
                    Duration.ofMillis(500),
                    NONE,
                    LONG,
                    "Time past the deadline before the tracker answers in the core's place.");

    // Idempotency

    public static final Setting<Duration> IDEMPOTENCY_KEEP =
            Setting.duration(
                    "idempotency_keep",
                    Duration.ofHours(24),
                    Duration.ofMillis(1),
                    LONG,
                    "Time for which the outcome of an idempotency key is kept.");

    public static final Setting<Long> IDEMPOTENCY_RESULT =
            Setting.bytes(
                    "idempotency_result",
                    4L << 10,
                    0,
                    1L << 20,
                    "Largest result that is kept with an idempotency key.");

    /** Every setting of this class. */
    public static final List<Setting<?>> ALL =
            List.of(
                    DATA_CORES,
                    PARTITIONS,
                    TASKS_PER_TURN,
                    BACKGROUND_TURN_SHARE,
                    POLL_TIMEOUT,
                    SPIN,
                    QUANTUM,
                    STOP_LIMIT,
                    LOCAL_QUEUE,
                    MAINTENANCE_SHARE,
                    MAINTENANCE_SLICE,
                    MAINTENANCE_IO,
                    COMPACTION_INTERVAL,
                    TOMBSTONE_RATIO,
                    MAX_SNAPSHOT_AGE,
                    SNAPSHOT_SLOTS,
                    IO_THREADS,
                    BACKGROUND_WORKERS,
                    WATCHDOG_FAILURES,
                    WATCHDOG_WINDOW,
                    DEGRADED_TIME,
                    JOB_PAUSE,
                    POISON_WINDOW,
                    POISON_FAILURES,
                    FINGERPRINTS,
                    RING_CAPACITY,
                    RING_SLOW,
                    RING_STOP,
                    RING_TENANT_SHARE,
                    CHUNKS_PER_PORT,
                    CHUNKS_PER_REQUEST,
                    CHUNK_BYTES,
                    EVENT_LOOPS,
                    REQUEST_DEADLINE,
                    STATEMENT_TIMEOUT,
                    LEASE,
                    TRACKER_GRACE,
                    IDEMPOTENCY_KEEP,
                    IDEMPOTENCY_RESULT);

    private RuntimeSettings() {}

    /** Every setting of the database's foundation: of this class, the log, memory and events. */
    public static List<Setting<?>> allAreas() {
        return Stream.of(
                        ALL,
                        WalSettings.ALL,
                        MemorySettings.ALL,
                        EventSettings.ALL,
                        RowSettings.ALL)
                .<Setting<?>>flatMap(List::stream)
                .toList();
    }

    /**
     * Refuses values that contradict each other, each of them being allowed alone, with {@link
     * ErrorCode#INVALID_ARGUMENT}.
     */
    public static void checkConsistent(Settings settings) {
        requireOrder(settings, RING_SLOW, RING_STOP);
        requireOrder(settings, EventSettings.HEARTBEAT_MIN, EventSettings.HEARTBEAT_MAX);
        requireOrder(settings, MemorySettings.MEMORY_WARNING, MemorySettings.MEMORY_CRITICAL);
        requireOrder(settings, MemorySettings.MEMORY_CRITICAL, MemorySettings.MEMORY_EMERGENCY);
        requireOrder(settings, CHUNKS_PER_REQUEST, CHUNKS_PER_PORT);
        requirePowerOfTwo(settings, RING_CAPACITY, settings.get(RING_CAPACITY));
        requirePowerOfTwo(settings, LOCAL_QUEUE, settings.get(LOCAL_QUEUE));
        requirePowerOfTwo(
                settings,
                WalSettings.WAL_UNACKNOWLEDGED,
                settings.get(WalSettings.WAL_UNACKNOWLEDGED));
        requirePowerOfTwo(settings, WalSettings.WAL_RING, settings.get(WalSettings.WAL_RING));
        requirePowerOfTwo(
                settings, EventSettings.EVENT_RING, settings.get(EventSettings.EVENT_RING));
        requirePowerOfTwo(
                settings,
                EventSettings.EVENT_RING_BYTES,
                settings.get(EventSettings.EVENT_RING_BYTES));
    }

    private static <T extends Comparable<T>> void requireOrder(
            Settings settings, Setting<T> smaller, Setting<T> larger) {
        if (settings.get(smaller).compareTo(settings.get(larger)) > 0) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "settings contradict each other: %s=%s is greater than %s=%s"
                            .formatted(
                                    smaller, settings.format(smaller),
                                    larger, settings.format(larger)));
        }
    }

    private static void requirePowerOfTwo(Settings settings, Setting<?> setting, long value) {
        if (Long.bitCount(value) != 1) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "setting is not a power of two: %s=%s"
                            .formatted(setting, settings.format(setting)));
        }
    }
}
