package io.nodedb.data.commit;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;

/**
 * The core's batches between their record's hand-over and its acknowledgement: a ring indexed by
 * batch sequence. Acknowledgements come in the order of sequences, because the writer drains a
 * core's ring in order.
 */
@CoreOwned
final class PendingBatches {
    private final PendingBatch[] ring;
    private final int mask;
    private long nextSequence = 1;
    private long acknowledged;

    PendingBatches(int capacity) {
        Check.that(Integer.bitCount(capacity) == 1, "capacity is a power of two", capacity);
        ring = new PendingBatch[capacity];
        for (int i = 0; i < capacity; i++) {
            ring[i] = new PendingBatch();
        }
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
        return ring[(int) nextSequence & mask];
    }

    /** Takes the next sequence for the batch that {@link #peek} gave. */
    void open() {
        nextSequence++;
    }

    /** Is this batch not yet durable? */
    boolean pending(long sequence) {
        return sequence > acknowledged;
    }

    void hold(long sequence, Request<Call> request) {
        ring[(int) sequence & mask].hold(request);
    }

    /** Takes the batch whose acknowledgement came; the caller clears it. */
    PendingBatch acknowledge(long sequence) {
        Check.that(
                sequence == acknowledged + 1,
                "batches are acknowledged in order",
                acknowledged + 1,
                sequence);
        acknowledged = sequence;
        return ring[(int) sequence & mask];
    }

    long acknowledgedSequence() {
        return acknowledged;
    }

    int size() {
        return (int) (nextSequence - 1 - acknowledged);
    }
}
