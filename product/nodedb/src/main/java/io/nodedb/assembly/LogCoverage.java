package io.nodedb.assembly;

import io.nodedb.base.ownership.Shared;
import io.nodedb.data.maintenance.CheckpointService.Place;
import io.nodedb.data.partition.EngineSlot;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;

/**
 * Knows up to which commit each engine's checkpoints reach, and lets the log be cut below the
 * lowest. The manifest before the newest is kept as a fallback, so what counts is the coverage that
 * an engine had before its newest checkpoint.
 */
@Shared("one monitor; called once per checkpoint")
final class LogCoverage {
    private final Map<Place, Long> newest = new HashMap<>();
    private final Map<Place, Long> before = new HashMap<>();
    private final LongConsumer cut;

    LogCoverage(List<List<EngineSlot>> slots, LongConsumer cut) {
        this.cut = cut;
        for (List<EngineSlot> ofCore : slots) {
            for (EngineSlot slot : ofCore) {
                Place place = new Place(slot.partition(), slot.engineId());
                newest.put(place, slot.coveredLsn());
                before.put(place, 0L);
            }
        }
    }

    synchronized void covered(int partition, int engineId, long coveredLsn) {
        Place place = new Place(partition, engineId);
        Long previous = newest.put(place, coveredLsn);
        before.put(place, previous == null ? 0 : previous);
        long lowest = Long.MAX_VALUE;
        for (long lsn : before.values()) {
            lowest = Math.min(lowest, lsn);
        }
        if (lowest > 0) {
            cut.accept(lowest);
        }
    }
}
