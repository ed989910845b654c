package io.nodedb.control.snapshot;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.control.port.CallerWait;
import io.nodedb.storage.snapshot.SnapshotHandle;
import io.nodedb.storage.snapshot.SnapshotRegistry;
import java.util.concurrent.TimeUnit;

/**
 * Opens and closes snapshots.
 *
 * <p>A snapshot holds every commit that was acknowledged before it was opened, so a caller that has
 * seen a reply sees that write. A session may also name its own last commit as a floor: should the
 * log not be that far yet, opening waits for it.
 */
@Shared("SnapshotRegistry's slots")
public final class Snapshots {
    /** Default of {@code max_snapshot_age}. */
    public static final long DEFAULT_MAX_AGE_MILLIS = TimeUnit.MINUTES.toMillis(5);

    private static final long EXPIRY_INTERVAL_MILLIS = 1_000;
    private static final long FLOOR_WAIT_NANOS = TimeUnit.SECONDS.toNanos(5);
    private static final long FLOOR_PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

    private final SnapshotRegistry registry;
    private final TimeSource time;
    private final CallerWait wait;
    private final long maxAgeMillis;
    private long nextExpiryMillis;

    public Snapshots(
            SnapshotRegistry registry, TimeSource time, CallerWait wait, long maxAgeMillis) {
        this.registry = registry;
        this.time = time;
        this.wait = wait;
        this.maxAgeMillis = maxAgeMillis;
    }

    /**
     * A snapshot of everything acknowledged so far. {@code RESOURCES_EXHAUSTED} when all slots are
     * taken.
     */
    public SnapshotHandle open() {
        return open(0);
    }

    /** As {@link #open()}, not below {@code floorLsn}. */
    public SnapshotHandle open(long floorLsn) {
        SnapshotHandle handle = new SnapshotHandle();
        register(handle);
        long since = time.nanoTime();
        while (handle.lsn() < floorLsn) {
            registry.release(handle);
            if (time.nanoTime() - since >= FLOOR_WAIT_NANOS) {
                throw new NodeDbException(
                        ErrorCode.DEADLINE_EXCEEDED,
                        "The log did not reach the session's own last commit: floorLsn="
                                + floorLsn);
            }
            wait.pause(FLOOR_PAUSE_NANOS);
            register(handle);
        }
        return handle;
    }

    /** Ends a snapshot. Nothing happens when it has ended. */
    public void close(SnapshotHandle handle) {
        registry.release(handle);
    }

    /** Lane thread: expires what is older than {@code max_snapshot_age}, about once a second. */
    public void step() {
        long now = time.epochMillis();
        if (now >= nextExpiryMillis || now < nextExpiryMillis - EXPIRY_INTERVAL_MILLIS) {
            nextExpiryMillis = now + EXPIRY_INTERVAL_MILLIS;
            registry.expire(now, maxAgeMillis);
        }
    }

    private void register(SnapshotHandle handle) {
        if (!registry.register(handle, time.epochMillis())) {
            throw new NodeDbException(
                    ErrorCode.RESOURCES_EXHAUSTED,
                    "All snapshot slots are taken: slots=" + registry.capacity(),
                    100,
                    null);
        }
    }
}
