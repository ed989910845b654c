package io.nodedb.data.commit;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import java.util.ArrayDeque;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The core's batches between their record's hand-over and its acknowledgement: a ring indexed by
 * batch sequence. Acknowledgements come in the order of sequences, because the writer drains a
 * core's ring in order.
 */
@CoreOwned
final class PendingBatches {
    private final @Nullable PendingBatch[] ring;
    private final int mask;

    /** Batches that are not in use: the memory follows the peak, not the capacity. */
    private final ArrayDeque<PendingBatch> free = new ArrayDeque<>();

    private PendingBatch next = new PendingBatch();
    private long nextSequence = 1;
    private long acknowledged;

    PendingBatches(int capacity) {
        Check.that(Integer.bitCount(capacity) == 1, "capacity is a power of two", capacity);
        ring = new PendingBatch[capacity];
        mask = capacity - 1;
    }

    boolean full() {
        return nextSequence - acknowledged > mask;
    }

    boolean isEmpty() {
        return nextSequence == acknowledged + 1;
    }

    /** The sequence of the batch that {@link #peek} gives. */
    long nextSequence() {
        return nextSequence;
    }

    /** The batch of the next sequence, clear; it counts only after {@link #open}. */
    PendingBatch peek() {
        Check.that(!full(), "pending batches have room");
        return next;
    }

    /** Takes the next sequence for the batch that {@link #peek} gave. */
    long open() {
        ring[(int) nextSequence & mask] = next;
        PendingBatch reused = free.pollLast();
        next = reused == null ? new PendingBatch() : reused;
        return nextSequence++;
    }

    /** Is this batch not yet durable? */
    boolean pending(long sequence) {
        return sequence > acknowledged;
    }

    void hold(long sequence, Request<Call> request) {
        Check.that(pending(sequence), "an answer waits for what is on its way", sequence);
        Objects.requireNonNull(ring[(int) sequence & mask]).hold(request);
    }

    /** Takes the batch whose acknowledgement came; the caller gives it back. */
    PendingBatch acknowledge(long sequence) {
        Check.that(
                sequence == acknowledged + 1,
                "batches are acknowledged in order",
                acknowledged + 1,
                sequence);
        acknowledged = sequence;
        int slot = (int) sequence & mask;
        PendingBatch batch = Objects.requireNonNull(ring[slot]);
        ring[slot] = null;
        return batch;
    }

    /** Gives back what {@link #acknowledge} gave. */
    void recycle(PendingBatch batch) {
        batch.clear();
        free.addLast(batch);
    }

    long acknowledgedSequence() {
        return acknowledged;
    }

    int size() {
        return (int) (nextSequence - 1 - acknowledged);
    }
}
