package io.nodedb.data.core;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.settings.EventSettings;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.base.settings.WalSettings;

/**
 * The numbers of a core, resolved once from the settings of the same names so that the loop reads
 * plain fields. Times in nanoseconds unless the name says otherwise.
 *
 * @param tasksPerTurn most tasks between two looks at the rings
 * @param backgroundShare one in this many tasks comes from the background queue when it has any
 * @param queueCapacity bound of each local queue
 * @param unacknowledgedBatches most batches on their way through the log; a power of two
 * @param pollTimeout longest sleep
 * @param spin how long a core looks for work before it sleeps; 0 sleeps at once
 * @param quantum how long a task runs before others get their turn
 * @param checkpointInterval time from one checkpoint to the next
 * @param checkpointIdle time without a request and since the last checkpoint after which one starts
 *     earlier
 * @param checkpointWalBytes a checkpoint starts earlier when this much of the log is not covered
 * @param heartbeatMin shortest time without an event before a heartbeat
 * @param heartbeatMax longest
 * @param maintenanceShare processor time for background work while requests wait, in percent
 * @param maintenanceSlice how long one slice of background work lasts
 * @param maintenanceIo bytes that background work may read and write in a second
 * @param compactionInterval time from one look for memory to compact to the next
 * @param tombstoneRatio share of dead memory above which an engine compacts
 * @param leaseTime liveness lease that every quantum renews
 * @param idempotencyKeepMillis how long outcomes are kept
 * @param idempotencyKeyBytes longest idempotency key
 * @param idempotencyResultBytes largest result kept with an outcome
 */
@Immutable
public record CoreSettings(
        int tasksPerTurn,
        int backgroundShare,
        int queueCapacity,
        int unacknowledgedBatches,
        long pollTimeout,
        long spin,
        long quantum,
        long checkpointInterval,
        long checkpointIdle,
        long checkpointWalBytes,
        long heartbeatMin,
        long heartbeatMax,
        int watchdogFailures,
        long watchdogWindow,
        long degradedTime,
        long jobPause,
        int poisonFailures,
        int fingerprints,
        long refusalTime,
        int maintenanceShare,
        long maintenanceSlice,
        long maintenanceIo,
        long compactionInterval,
        double tombstoneRatio,
        long leaseTime,
        long idempotencyKeepMillis,
        int idempotencyKeyBytes,
        int idempotencyResultBytes) {

    /** Longest idempotency key, in bytes. */
    private static final int IDEMPOTENCY_KEY_BYTES = 256;

    public static CoreSettings from(Settings settings) {
        return new CoreSettings(
                settings.get(RuntimeSettings.TASKS_PER_TURN),
                settings.get(RuntimeSettings.BACKGROUND_TURN_SHARE),
                settings.get(RuntimeSettings.LOCAL_QUEUE),
                settings.get(WalSettings.WAL_UNACKNOWLEDGED),
                settings.nanos(RuntimeSettings.POLL_TIMEOUT),
                settings.nanos(RuntimeSettings.SPIN),
                settings.nanos(RuntimeSettings.QUANTUM),
                settings.nanos(WalSettings.CHECKPOINT_INTERVAL),
                settings.nanos(WalSettings.CHECKPOINT_IDLE),
                settings.get(WalSettings.CHECKPOINT_WAL),
                settings.nanos(EventSettings.HEARTBEAT_MIN),
                settings.nanos(EventSettings.HEARTBEAT_MAX),
                settings.get(RuntimeSettings.WATCHDOG_FAILURES),
                settings.nanos(RuntimeSettings.WATCHDOG_WINDOW),
                settings.nanos(RuntimeSettings.DEGRADED_TIME),
                settings.nanos(RuntimeSettings.JOB_PAUSE),
                settings.get(RuntimeSettings.POISON_FAILURES),
                settings.get(RuntimeSettings.FINGERPRINTS),
                settings.nanos(RuntimeSettings.POISON_WINDOW),
                settings.get(RuntimeSettings.MAINTENANCE_SHARE),
                settings.nanos(RuntimeSettings.MAINTENANCE_SLICE),
                settings.get(RuntimeSettings.MAINTENANCE_IO),
                settings.nanos(RuntimeSettings.COMPACTION_INTERVAL),
                settings.get(RuntimeSettings.TOMBSTONE_RATIO),
                settings.nanos(RuntimeSettings.LEASE),
                settings.millis(RuntimeSettings.IDEMPOTENCY_KEEP),
                IDEMPOTENCY_KEY_BYTES,
                Math.toIntExact(settings.get(RuntimeSettings.IDEMPOTENCY_RESULT)));
    }
}
