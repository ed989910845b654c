package io.nodedb.storage.wal;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.ring.SpscByteRing;
import io.nodedb.bridge.ring.SpscLongRing;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.storage.bytes.LittleEndian;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Where one data core meets the log's writer: a ring of records down, a ring of acknowledgements
 * back. The core claims, encodes in place ({@link RecordEncoder}) and publishes; nothing allocates,
 * nothing blocks.
 *
 * <p>A record in the ring is its token (u64) followed by the record. Every BATCH, NOTE and
 * TOMBSTONE is acknowledged with its token, every PREPARE with its transaction id when the
 * coordinator's decision is in the log; a PART is not. Acknowledgements come in the order of their
 * LSNs. {@link #claim} refuses while more of them are owed than their ring holds, so pushing one
 * never fails.
 */
@Shared("single-producer single-consumer rings; one side per thread")
public final class CoreLog {
    /** Acknowledgement: a BATCH, NOTE or TOMBSTONE lasts. */
    public static final int BATCH = 1;

    /** Acknowledgement: the transaction that the token names is committed. */
    public static final int COMMIT = 2;

    /** Acknowledgement: the transaction that the token names is aborted. */
    public static final int ABORT = 3;

    /**
     * Acknowledgement: the log failed; whether the record is in it shows at the next start. The
     * detail is the kind that would have been.
     */
    public static final int FAILED = 4;

    /** Length of an acknowledgement: LSN, token, kind, detail. */
    public static final int ACK_STRIDE = 4;

    private static final VarHandle PUBLISHED = field("published");
    private static final VarHandle TAKEN = field("taken");

    private final int core;
    private final SpscByteRing records;
    private final SpscLongRing acks;
    private final int maxOwed;
    private final Doorbell coreBell;
    private final Doorbell writerBell;
    private int claimed = -1;
    private int owed;

    /** Records handed over, and taken, since the start: their difference waits. */
    private long published;

    private long taken;

    public CoreLog(int core, WalOptions options, Doorbell coreBell, Doorbell writerBell) {
        this.core = core;
        this.records = new SpscByteRing(options.coreRingBytes());
        this.acks = new SpscLongRing(options.coreAcks(), ACK_STRIDE);
        this.maxOwed = options.coreAcks();
        this.coreBell = coreBell;
        this.writerBell = writerBell;
    }

    private static VarHandle field(String name) {
        try {
            return MethodHandles.lookup().findVarHandle(CoreLog.class, name, long.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    public int core() {
        return core;
    }

    /**
     * Core: room for a record of so many bytes; the offset in {@link #buffer()} where to encode it,
     * or -1 when it does not fit now (write tasks wait, reads go on).
     */
    public int claim(int recordBytes) {
        if (owed >= maxOwed) {
            return -1;
        }
        int at = records.claim(WalOptions.RING_FRAME_BYTES + recordBytes);
        claimed = at;
        return at < 0 ? -1 : at + WalOptions.RING_FRAME_BYTES;
    }

    /** Core: the array of the ring. */
    public byte[] buffer() {
        return records.buffer();
    }

    /**
     * Core: hands the claimed record over, without waking anybody. Returns the ring position to
     * which the writer has to drain before it may sequence this transaction's COMMIT.
     */
    public long publish(long token) {
        Check.that(claimed >= 0, "a record was claimed");
        byte[] buffer = records.buffer();
        LittleEndian.putLong(buffer, claimed, token);
        int type =
                LittleEndian.getUnsignedByte(
                        buffer, claimed + WalOptions.RING_FRAME_BYTES + RecordFormat.TYPE_OFFSET);
        if (type != RecordFormat.PART) {
            owed++;
        }
        claimed = -1;
        PUBLISHED.setRelease(this, published + 1);
        records.publish();
        return records.producerPosition();
    }

    /** Core: gives a claimed record up. */
    public void abandon() {
        claimed = -1;
        records.abandon();
    }

    /** Core: wakes the writer if it sleeps; once per batch. */
    public void flush() {
        writerBell.ring();
    }

    /**
     * Core: takes the next acknowledgement (LSN, token, kind, detail); false when there is none.
     */
    public boolean pollAck(long[] into) {
        boolean taken = acks.poll(into);
        if (taken) {
            owed--;
        }
        return taken;
    }

    /** Core: an acknowledgement waits. */
    public boolean hasAcks() {
        return !acks.isEmpty();
    }

    /** Core: how full the ring of records is. */
    public int fillPercent() {
        return records.fillPercent();
    }

    /** Bytes of records that the writer has not taken. Any thread. */
    public int recordBytes() {
        return records.size();
    }

    /** What fits into the ring of records, in bytes. Any thread. */
    public int recordCapacity() {
        return records.capacity();
    }

    /** Writer. */
    SpscByteRing records() {
        return records;
    }

    /** Writer: gives the room of the record that it has looked at back. */
    void recordTaken() {
        records.release();
        TAKEN.setRelease(this, taken + 1);
    }

    /** Records that the writer has taken since the start. */
    long recordsTaken() {
        return (long) TAKEN.getAcquire(this);
    }

    /** Records that wait for the writer. Any thread; a snapshot. */
    int recordsWaiting() {
        long before = (long) TAKEN.getAcquire(this);
        return (int) Math.max(0, (long) PUBLISHED.getAcquire(this) - before);
    }

    /** Writer. */
    void acknowledge(long lsn, long token, int kind, long detail) {
        Check.that(acks.offer(lsn, token, kind, detail), "acknowledgements are never lost", core);
    }

    /** Writer. */
    void ringCore() {
        coreBell.ring();
    }
}
