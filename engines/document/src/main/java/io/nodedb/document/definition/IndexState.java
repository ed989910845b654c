package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;

/** How far an index is. Writes maintain it in each state. The numbers stand in the catalog. */
@Immutable
public enum IndexState {
    /** Older rows may not be in it yet: no look-up may use it. */
    BUILDING(0),
    READY(1);

    private final int number;

    IndexState(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }
}
