package io.nodedb.bench.resp;

/** What an acknowledged write survives, in the words of both servers. */
enum RespTier {
    /**
     * The end of the process; power loss may take about the last second. Redis acknowledges a write
     * before it syncs, and syncs every second.
     */
    ASYNC("async", "everysec"),
    /** Power loss: synced before it is acknowledged, many writes with one sync. */
    SYNC("sync", "always");

    private final String durability;
    private final String appendFsync;

    RespTier(String durability, String appendFsync) {
        this.durability = durability;
        this.appendFsync = appendFsync;
    }

    /** Our setting {@code durability}. */
    String durability() {
        return durability;
    }

    /** Redis's setting {@code appendfsync}. */
    String appendFsync() {
        return appendFsync;
    }
}
