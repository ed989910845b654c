package io.nodedb.control.catalog;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Partitions;
import io.nodedb.base.ids.Slots;
import io.nodedb.base.ownership.Immutable;
import java.util.Arrays;

/** Which partition holds each of the {@link Slots#COUNT} slots. */
@Immutable
public final class SlotMap {
    private final int partitions;
    private final short[] partitionOfSlot;

    SlotMap(int partitions, short[] partitionOfSlot) {
        if (partitions < 1 || partitions > Partitions.MAX) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT,
                    "A database has 1 to "
                            + Partitions.MAX
                            + " partitions: partitions="
                            + partitions);
        }
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            if (partitionOfSlot[slot] < 0 || partitionOfSlot[slot] >= partitions) {
                throw new NodeDbException(
                        ErrorCode.DATA_CORRUPTED,
                        "The slot map names a partition that does not exist: slot="
                                + slot
                                + " partition="
                                + partitionOfSlot[slot]
                                + " partitions="
                                + partitions);
            }
        }
        this.partitions = partitions;
        this.partitionOfSlot = partitionOfSlot;
    }

    /** The map of a new database: slots dealt out in turn. */
    public static SlotMap ofNewDatabase(int partitions) {
        short[] map = new short[Slots.COUNT];
        for (int slot = 0; slot < Slots.COUNT; slot++) {
            map[slot] = (short) Slots.defaultPartition(slot, Math.max(1, partitions));
        }
        return new SlotMap(partitions, map);
    }

    public int partitions() {
        return partitions;
    }

    public int partitionOfSlot(int slot) {
        return partitionOfSlot[slot];
    }

    public int partitionOfHash(long keyHash) {
        return partitionOfSlot[Slots.ofHash(keyHash)];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof SlotMap map
                && map.partitions == partitions
                && Arrays.equals(map.partitionOfSlot, partitionOfSlot);
    }

    @Override
    public int hashCode() {
        return 31 * partitions + Arrays.hashCode(partitionOfSlot);
    }

    @Override
    public String toString() {
        return "SlotMap[partitions=" + partitions + "]";
    }
}
