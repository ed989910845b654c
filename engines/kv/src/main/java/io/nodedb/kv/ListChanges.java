package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a command does to an indexed list: which versions go and what is put at which positions. A
 * position that goes and is put again is one put, because an effect is a whole after-image.
 */
@CoreOwned
final class ListChanges {
    @SuppressWarnings("ArrayRecordComponent") // arrays of others, only read
    private record Put(long position, byte[] value, int from, int length, long prior) {}

    private final Map<Long, Put> puts = new HashMap<>();
    private final Map<Long, Long> replacedVersions = new HashMap<>();
    private final byte[] position = new byte[ListPosition.BYTES];
    private long[] removedVersions = new long[16];

    private int removedCount;

    void clear() {
        if (!puts.isEmpty()) {
            puts.clear();
        }
        removedCount = 0;
    }

    void put(long at, byte[] value, int from, int length, long prior) {
        puts.put(at, new Put(at, value, from, length, prior));
    }

    void remove(long version) {
        if (removedCount == removedVersions.length) {
            removedVersions = Arrays.copyOf(removedVersions, 2 * removedCount);
        }
        removedVersions[removedCount++] = version;
    }

    void append(CommandRun run, Structure structure, ElementEffects effects) {
        replacedVersions.clear();
        for (int i = 0; i < removedCount; i++) {
            long version = removedVersions[i];
            long at = ListPosition.of(run.entries(), version);
            if (puts.containsKey(at)) {
                replacedVersions.put(at, version);
            } else {
                KvEffects.delete(run.context.effects(), structure.table, 0, version);
            }
        }
        for (Put put : puts.values()) {
            @Nullable Long replaced = replacedVersions.get(put.position());
            ListPosition.put(put.position(), position, 0);
            effects.put(
                    run.context.effects(),
                    run.table,
                    ValueType.LIST,
                    structure.id,
                    position,
                    0,
                    position.length,
                    put.value(),
                    put.from(),
                    put.length(),
                    0,
                    replaced == null ? put.prior() : replaced);
        }
        replacedVersions.clear();
    }
}
