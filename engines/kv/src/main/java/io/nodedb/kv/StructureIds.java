package io.nodedb.kv;

import io.nodedb.base.ids.Lsn;
import io.nodedb.base.ownership.CoreOwned;

/**
 * Draws the numbers of structures: each once, also after a restart. A number may be forgotten with
 * everything that bore it, so those of a new start begin above the time's LSN: numbers grow by one
 * with a write, LSNs by at least as much.
 */
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

    /** All that is kept has been seen. */
    void opened(long highestLsn, long nowMillis) {
        highest = Math.max(highest, Math.max(highestLsn, Lsn.ofMillis(nowMillis)));
    }
}
