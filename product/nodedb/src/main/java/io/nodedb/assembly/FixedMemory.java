package io.nodedb.assembly;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.settings.EventSettings;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import io.nodedb.bridge.lane.LaneOptions;
import io.nodedb.event.EventOptions;
import io.nodedb.storage.feed.EventRing;
import io.nodedb.storage.wal.WalOptions;

/**
 * Memory whose size the settings fix, whatever the data: it counts as long as the database is open.
 * Most of it lives on the heap, and what grows there as it is used counts with its bound; it is
 * counted because it is large.
 *
 * @param rings requests and chunks of all lanes and cores, and the cores' rings to the log
 * @param walBuffers of the log's writer
 * @param events the cores' event rings, and what the Event Plane keeps
 * @param callBuffers what the database's own threads need for calls of the disk
 */
@Immutable
record FixedMemory(long rings, long walBuffers, long events, long callBuffers) {
    /** The log's writer and its keeper, which call the disk like the pools and the cores do. */
    private static final int LOG_THREADS = 2;

    static FixedMemory of(
            Environment environment, WalOptions wal, LaneOptions lane, EventOptions events) {
        Settings settings = environment.settings();
        long cores = environment.cores();
        long lanes = 1L + environment.lanes().wakeups().size();
        long ring =
                EventRing.memoryBytes(
                        settings.get(EventSettings.EVENT_RING),
                        settings.get(EventSettings.EVENT_RING_BYTES));
        int threads =
                LOG_THREADS
                        + environment.cores()
                        + settings.get(RuntimeSettings.IO_THREADS)
                        + KernelThreads.backgroundWorkers(settings);
        return new FixedMemory(
                cores * (wal.coreRingBytes() + lanes * lane.portBytes()),
                wal.groupBytes(),
                cores * ring + events.memoryBytes(),
                environment.disk().callBufferBytes(threads));
    }

    /** What is too much for the governor is an OUT_OF_MEMORY of the opening. */
    void reserve(MemoryGovernor governor, TakenResources taken) {
        taken.reserve(governor, MemoryTag.RINGS, rings);
        taken.reserve(governor, MemoryTag.WAL_BUFFERS, walBuffers);
        taken.reserve(governor, MemoryTag.EVENTS, events);
        taken.reserve(governor, MemoryTag.OTHER, callBuffers);
    }
}
