package io.nodedb.storage.checkpoint;

import static io.nodedb.storage.checkpoint.CheckpointFileFormat.ENTRY_LSN_BYTES;
import static io.nodedb.storage.checkpoint.CheckpointFileFormat.MAX_BLOCK_PAYLOAD;

import io.nodedb.base.errors.Check;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.Effects;
import java.util.Arrays;

/**
 * Entries on their way from a core to the worker that writes them: the core fills it, hands it
 * over, and gets it back to {@link #clear} and fill again. Fill it until {@link #full}; the entry
 * that filled it may reach beyond 64 KiB, and the writer then gives that one a block of its own in
 * the file.
 *
 * <p>One thread at a time; handing over must publish it (a ring does). Allocates only while
 * growing.
 */
public final class CheckpointBlock {
    /** Arrays that a large entry made longer than this are given up by {@link #clear}. */
    private static final int MAX_KEPT_BYTES = 4 * MAX_BLOCK_PAYLOAD;

    /**
     * Room behind 64 KiB for the entry that fills the block, so that most of them do not grow it.
     */
    private static final int LAST_ENTRY_BYTES = 4 << 10;

    private static final int INITIAL_BYTES = MAX_BLOCK_PAYLOAD + LAST_ENTRY_BYTES;

    private Effects effects = new Effects(1 << 10);
    private byte[] payload = new byte[INITIAL_BYTES];
    private int length;
    private int entries;
    private int lastEntryOffset;
    private long highestLsn;

    /** Append exactly one operation here, then call {@link #entryAdded}. */
    public Effects effects() {
        return effects;
    }

    /** Ends the entry in {@link #effects} with the LSN of the version that it holds. */
    public void entryAdded(long lsn) {
        Check.that(effects.count() == 1, "an entry is one operation", 1, effects.count());
        add(lsn, effects.bytes(), 0, effects.length());
        effects.reset();
    }

    /** Adds a copy of an entry that was read from another file. */
    public void add(long lsn, EffectReader effect) {
        add(lsn, effect.buffer(), effect.operationOffset(), effect.operationBytes());
    }

    private void add(long lsn, byte[] operation, int offset, int operationBytes) {
        Check.that(lsn > 0, "a checkpoint holds committed versions only", lsn);
        int end = Math.addExact(length + ENTRY_LSN_BYTES, operationBytes);
        if (end > payload.length) {
            // Ahead of need: last entries differ by some bytes, and each would copy 64 KiB.
            payload = Arrays.copyOf(payload, Math.addExact(end, LAST_ENTRY_BYTES));
        }
        LittleEndian.putLong(payload, length, lsn);
        System.arraycopy(operation, offset, payload, length + ENTRY_LSN_BYTES, operationBytes);
        lastEntryOffset = length;
        length = end;
        entries++;
        highestLsn = Math.max(highestLsn, lsn);
    }

    /** True when it holds 64 KiB or more: hand it over. */
    public boolean full() {
        return length >= MAX_BLOCK_PAYLOAD;
    }

    public boolean isEmpty() {
        return entries == 0;
    }

    /** Entries held. */
    public int entries() {
        return entries;
    }

    /** Bytes held. */
    public int length() {
        return length;
    }

    /** Highest LSN held; 0 when empty. */
    public long highestLsn() {
        return highestLsn;
    }

    byte[] payload() {
        return payload;
    }

    int lastEntryOffset() {
        return lastEntryOffset;
    }

    /** Forgets all entries, for the next filling. */
    public void clear() {
        length = 0;
        entries = 0;
        lastEntryOffset = 0;
        highestLsn = 0;
        effects.reset();
        if (payload.length > MAX_KEPT_BYTES) {
            payload = new byte[INITIAL_BYTES];
        }
        if (effects.bytes().length > MAX_KEPT_BYTES) {
            effects = new Effects(1 << 10);
        }
    }
}
