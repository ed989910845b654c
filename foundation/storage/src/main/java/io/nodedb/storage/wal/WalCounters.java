package io.nodedb.storage.wal;

import io.nodedb.base.metrics.Histogram;
import io.nodedb.base.ownership.Shared;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/** What the writer did since the start. It writes, everybody may read; each value only grows. */
@Shared("release writes by the log's writer")
public final class WalCounters {
    private static final VarHandle GROUPS = field("groups");
    private static final VarHandle RECORDS = field("records");
    private static final VarHandle BYTES = field("bytes");
    private static final VarHandle SYNCS = field("syncs");
    private static final VarHandle SYNC_NANOS = field("syncNanos");
    private static final VarHandle STALLS = field("stalls");

    private long groups;
    private long records;
    private long bytes;
    private long syncs;
    private long syncNanos;
    private long stalls;
    private final Histogram syncTimes = new Histogram();
    private final Histogram groupSizes = new Histogram();

    WalCounters() {}

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(WalCounters.class, name, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    void wrote(int groupRecords, int groupBytes) {
        GROUPS.setRelease(this, groups + 1);
        RECORDS.setRelease(this, records + groupRecords);
        BYTES.setRelease(this, bytes + groupBytes);
        groupSizes.record(groupRecords);
    }

    void synced(long nanos) {
        SYNCS.setRelease(this, syncs + 1);
        SYNC_NANOS.setRelease(this, syncNanos + nanos);
        syncTimes.record(nanos);
    }

    void stalled() {
        STALLS.setRelease(this, stalls + 1);
    }

    public long groups() {
        return (long) GROUPS.getAcquire(this);
    }

    public long records() {
        return (long) RECORDS.getAcquire(this);
    }

    /** Bytes written, headers of groups included. */
    public long bytes() {
        return (long) BYTES.getAcquire(this);
    }

    public long syncs() {
        return (long) SYNCS.getAcquire(this);
    }

    /** Time spent in syncs. */
    public long syncNanos() {
        return (long) SYNC_NANOS.getAcquire(this);
    }

    /** How long each sync took, in nanoseconds. */
    public Histogram syncTimes() {
        return syncTimes;
    }

    /** Records of each group that was written. */
    public Histogram groupSizes() {
        return groupSizes;
    }

    /** Rounds in which records waited because no segment was ready. */
    public long stalls() {
        return (long) STALLS.getAcquire(this);
    }
}
