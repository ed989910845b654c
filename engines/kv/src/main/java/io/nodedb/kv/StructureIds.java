package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;

/** Draws the numbers of structures: each once, also after a restart. */
@CoreOwned
final class StructureIds {
    private long highest;

    long draw() {
        return ++highest;
    }

    /** A number stands in the log or in a checkpoint. */
    void seen(long id) {
        highest = Math.max(highest, id);
    }
}
