package io.nodedb.data.commit;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.wal.Effects;
import java.util.HashMap;
import java.util.Map;

/**
 * Batches of commands before they are logged: applied command by command, locked while others may
 * run, taken back as a whole. Also knows which of their versions are decided by now.
 */
@CoreOwned
public final class OpenBatches {
    /** For {@link #sequenceOf}. */
    public static final long UNDECIDED = -1;

    private final LocalCoordinator coordinator;
    private final EngineEffects engines;
    private final KeyLocks locks;

    /** Of batches that were logged, by their tokens, until they are durable. */
    private final Map<Long, Long> sequences = new HashMap<>();

    private long opened;

    OpenBatches(LocalCoordinator coordinator, EngineEffects engines, KeyLocks locks) {
        this.coordinator = coordinator;
        this.engines = engines;
        this.locks = locks;
    }

    /**
     * Opens a batch of commands.
     *
     * @param txnId of the transaction that it is part of; 0 when the core commits it alone
     */
    public OpenBatch open(long txnId) {
        return new OpenBatch(
                OpenBatch.FIRST_TOKEN + ++opened, txnId != 0 ? txnId : coordinator.nextTxnId());
    }

    /**
     * Applies what a command has decided: the operations that an open batch holds for a partition
     * from this byte on.
     *
     * @return {@link CommitResult#ACCEPTED}, or the number of an error; then they are forgotten
     */
    public int apply(OpenBatch batch, int partition, long mark) {
        Effects section = batch.effects.find(partition);
        int from = (int) mark;
        if (section == null || section.length() == from) {
            return CommitResult.ACCEPTED;
        }
        int refused = engines.reserve(partition, section, from);
        if (refused != CommitResult.ACCEPTED) {
            section.rollback(mark);
            return refused;
        }
        engines.apply(partition, section, from, -batch.token(), batch.versions);
        return CommitResult.ACCEPTED;
    }

    /** Locks a key for an open batch: whoever touches it waits for the batch's outcome. */
    public void lock(OpenBatch batch, int collection, byte[] bytes, int from, int length) {
        long hash = KeyHash.of(bytes, from, length);
        batch.locked.add(locks.hide(collection, bytes, from, length, hash, batch.txnId));
    }

    /** Are the engines that an open batch has written to still there? */
    public boolean intact(OpenBatch batch) {
        return engines.intact(batch.versions);
    }

    /** Takes a batch back and unlocks its keys. */
    public void undo(OpenBatch batch) {
        engines.undo(batch.versions);
        locks.release(batch.locked);
    }

    /**
     * The sequence that a pending version waits for, by what it carries as its stamp: {@link
     * #UNDECIDED} while its batch is open or prepared.
     */
    public long sequenceOf(long stamp) {
        if (stamp < OpenBatch.FIRST_TOKEN) {
            return stamp;
        }
        Long sequence = sequences.get(stamp);
        return sequence == null ? UNDECIDED : sequence;
    }

    /** The batch is in the ring: its versions are decided, and its keys free. */
    void logged(OpenBatch batch, long sequence) {
        sequences.put(batch.token(), sequence);
        locks.release(batch.locked);
    }

    /** Its versions are stamped. */
    void durable(long token) {
        sequences.remove(token);
    }
}
