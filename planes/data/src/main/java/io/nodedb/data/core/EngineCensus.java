package io.nodedb.data.core;

import io.nodedb.base.metrics.PublishedLong;
import io.nodedb.base.ownership.Shared;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What a core's engines hold: memory and keys, by engine, over all its partitions and collections.
 * The core counts about once a second, without allocating; everybody may read.
 */
@Shared("the core counts; its numbers are published with release writes")
public final class EngineCensus {
    private static final long PERIOD_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Partitions partitions;
    private final PublishedLong[] memory = new PublishedLong[Partitions.MAX_ENGINES];
    private final PublishedLong[] keys = new PublishedLong[Partitions.MAX_ENGINES];
    private final PublishedLong recovering = new PublishedLong();
    private long lastNanos;
    private boolean counted;

    EngineCensus(Partitions partitions) {
        this.partitions = partitions;
        for (int engine = 0; engine < Partitions.MAX_ENGINES; engine++) {
            memory[engine] = new PublishedLong();
            keys[engine] = new PublishedLong();
        }
    }

    /** Core: counts when it is time. */
    void step(long nowNanos) {
        if (counted && nowNanos - lastNanos < PERIOD_NANOS) {
            return;
        }
        counted = true;
        lastNanos = nowNanos;
        List<EngineSlot> slots = partitions.all();
        int out = 0;
        for (int i = 0; i < slots.size(); i++) {
            out += slots.get(i).recovering() ? 1 : 0;
        }
        recovering.set(out);
        for (int engine = 1; engine < Partitions.MAX_ENGINES; engine++) {
            count(slots, engine);
        }
    }

    private void count(List<EngineSlot> slots, int engine) {
        long bytes = 0;
        long live = 0;
        for (int i = 0; i < slots.size(); i++) {
            EngineSlot slot = slots.get(i);
            if (slot.engineId() == engine && !slot.recovering()) {
                bytes += slot.engine().memoryBytes();
                live += liveKeys(slot);
            }
        }
        memory[engine].set(bytes);
        keys[engine].set(live);
    }

    private long liveKeys(EngineSlot slot) {
        long live = 0;
        for (int collection = 1; collection < partitions.collectionBound(); collection++) {
            if (partitions.engineOf(collection) == slot.engineId()) {
                live += slot.engine().count(collection);
            }
        }
        return live;
    }

    /** Governed bytes that the engines of a kind hold. Any thread. */
    public long memoryBytes(int engineId) {
        return memory[engineId].get();
    }

    /** Live keys in the engines of a kind, those of the system's collections included. */
    public long keys(int engineId) {
        return keys[engineId].get();
    }

    /** Engines that are being rebuilt or are lost. Any thread. */
    public long recovering() {
        return recovering.get();
    }
}
