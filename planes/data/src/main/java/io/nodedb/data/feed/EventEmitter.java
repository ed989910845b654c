package io.nodedb.data.feed;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.feed.EventRingWriter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Tells the Event Plane of commits, once they survive power loss. Commits that were acknowledged
 * before their sync (asynchronous durability) wait in a bounded stage; when that or the ring is
 * full, the ring's writer remembers a gap and the consumer reads the missed range from the log. The
 * core never waits for it.
 */
@CoreOwned
public final class EventEmitter {
    private final EventRingWriter ring;
    private final LongSupplier syncedLsn;
    private final int stageCapacity;
    private final ArrayDeque<Staged> stage = new ArrayDeque<>();
    private long emitted;
    private long emittedWhenAsked;

    public EventEmitter(EventRingWriter ring, LongSupplier syncedLsn, int stageCapacity) {
        this.ring = ring;
        this.syncedLsn = syncedLsn;
        this.stageCapacity = stageCapacity;
    }

    /** One partition's part of a commit; LSNs never go down. */
    public void emit(long lsn, int partition, byte source, byte[] effects, int offset, int length) {
        if (stage.isEmpty() && lsn <= syncedLsn.getAsLong()) {
            offer(lsn, partition, source, effects, offset, length);
        } else if (stage.size() < stageCapacity) {
            stage.add(
                    new Staged(
                            lsn,
                            partition,
                            source,
                            Arrays.copyOfRange(effects, offset, offset + length)));
        } else {
            stage.getLast().alsoMissed(lsn);
        }
    }

    private void offer(
            long lsn, int partition, byte source, byte[] effects, int offset, int length) {
        emitted++;
        try {
            ring.offerEvent(lsn, partition, source, effects, offset, length);
        } catch (Throwable failure) {
            // The consumer reads it from the log instead.
            ring.missed(lsn);
            throw failure;
        }
    }

    /**
     * Once per turn, after the acknowledgements were taken: sends what has been synced meanwhile
     * and tells how far the core has come.
     *
     * @param stampedLsn every commit up to here was taken from the acknowledgement ring
     */
    public void turn(long stampedLsn) {
        long synced = syncedLsn.getAsLong();
        while (!stage.isEmpty() && stage.getFirst().lastLsn <= synced) {
            Staged first = stage.removeFirst();
            offer(first.lsn, first.partition, first.source, first.effects, 0, first.effects.length);
            for (long i = 0; i < first.missed; i++) {
                ring.missed(i == 0 ? first.firstMissed : first.lastLsn);
            }
        }
        ring.advance(watermark(stampedLsn, synced));
        ring.flush();
    }

    /** Every commit up to here was offered to the ring and is synced. */
    private long watermark(long stampedLsn, long synced) {
        long watermark = Math.min(stampedLsn, synced);
        return stage.isEmpty() ? watermark : Math.min(watermark, stage.getFirst().lsn - 1);
    }

    /** Were there events since the last call? A core that emits needs no heartbeat. */
    public boolean emittedSinceLastAsked() {
        boolean any = emitted != emittedWhenAsked;
        emittedWhenAsked = emitted;
        return any;
    }

    /** Tells in a quiet time how far the core has come. */
    public void heartbeat(long stampedLsn, long epochMillis) {
        ring.heartbeat(watermark(stampedLsn, syncedLsn.getAsLong()), epochMillis);
        ring.flush();
    }

    /** Commits that wait for their sync. */
    public int staged() {
        return stage.size();
    }

    private static final class Staged {
        final long lsn;
        final int partition;
        final byte source;
        final byte[] effects;

        /** What came after it while the stage was full. */
        long firstMissed;

        long missed;

        long lastLsn;

        Staged(long lsn, int partition, byte source, byte[] effects) {
            this.lsn = lsn;
            this.partition = partition;
            this.source = source;
            this.effects = effects;
            this.lastLsn = lsn;
        }

        void alsoMissed(long missedLsn) {
            firstMissed = missed == 0 ? missedLsn : firstMissed;
            lastLsn = missedLsn;
            missed++;
        }
    }
}
