package io.nodedb.data.feed;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.feed.EventRingWriter;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Tells the Event Plane of commits, once they survive power loss. Commits that were acknowledged before their sync (asynchronous durability) wait in a
 * bounded stage; when that or the ring is full, the ring's writer remembers a gap and the consumer reads the missed range from the log. The core
 * never waits for it.
 */
@CoreOwned
public final class EventEmitter {
    private final EventRingWriter ring;
    private final LongSupplier syncedLsn;
    private final int stageCapacity;
    private final ArrayDeque<Staged> stage = new ArrayDeque<>();
    private long emittedWhenAsked;
    private long emitted;

    public EventEmitter(EventRingWriter ring, LongSupplier syncedLsn, int stageCapacity) {
        this.ring = ring;
        this.syncedLsn = syncedLsn;
        this.stageCapacity = stageCapacity;
    }

    /** One partition's part of a commit. */
    public void emit(long lsn, int partition, byte source, byte[] effects, int offset, int length) {
        if (stage.isEmpty() && lsn <= syncedLsn.getAsLong()) {
            push(lsn, partition, source, effects, offset, length);
        } else if (stage.size() < stageCapacity) {
            stage.add(new Staged(lsn, partition, source, Arrays.copyOfRange(effects, offset, offset + length)));
        } else {
            // The newest staged entry turns into a mark that what follows it was missed.
            stage.getLast().missedUpTo = lsn;
        }
    }

    /** Sends what has been synced meanwhile. @return true when something was sent */
    public boolean release() {
        if (stage.isEmpty()) {
            return false;
        }
        long synced = syncedLsn.getAsLong();
        boolean sent = false;
        while (!stage.isEmpty() && Math.max(stage.getFirst().lsn, stage.getFirst().missedUpTo) <= synced) {
            Staged first = stage.removeFirst();
            push(first.lsn, first.partition, first.source, first.effects, 0, first.effects.length);
            if (first.missedUpTo != 0) {
                ring.miss(first.lsn, first.missedUpTo);
            }
            sent = true;
        }
        return sent;
    }

    private void push(long lsn, int partition, byte source, byte[] effects, int offset, int length) {
        ring.offerEvent(lsn, partition, source, effects, offset, length);
        emitted++;
    }

    /** Events emitted since the last call: a core that emits needs no heartbeat. */
    public boolean emittedSinceLastAsked() {
        boolean any = emitted != emittedWhenAsked;
        emittedWhenAsked = emitted;
        return any;
    }

    /** Tells that every commit up to {@code durableLsn} of this core's partitions has been emitted. Withheld while events are staged. */
    public boolean heartbeat(long syncedUpTo, long epochMillis) {
        if (!stage.isEmpty()) {
            return false;
        }
        ring.heartbeat(syncedUpTo, epochMillis);
        return true;
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
        long missedUpTo;

        Staged(long lsn, int partition, byte source, byte[] effects) {
            this.lsn = lsn;
            this.partition = partition;
            this.source = source;
            this.effects = effects;
        }
    }
}
