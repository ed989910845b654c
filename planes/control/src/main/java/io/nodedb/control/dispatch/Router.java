package io.nodedb.control.dispatch;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.catalog.SlotMap;
import io.nodedb.control.port.DataPlanePort;

/** Key hash → slot → partition → core. */
@Immutable
public final class Router {
    private final SlotMap slots;
    private final DataPlanePort dataPlane;

    public Router(SlotMap slots, DataPlanePort dataPlane) {
        this.slots = slots;
        this.dataPlane = dataPlane;
    }

    public int partitionOf(long keyHash) {
        return slots.partitionOfHash(keyHash);
    }

    public int coreOf(int partition) {
        return dataPlane.coreOf(partition);
    }

    /** Data partitions, numbered from 0. */
    public int partitions() {
        return slots.partitions();
    }

    public int cores() {
        return dataPlane.cores();
    }
}
