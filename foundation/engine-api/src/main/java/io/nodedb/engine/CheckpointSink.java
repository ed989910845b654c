package io.nodedb.engine;

import io.nodedb.storage.wal.Effects;

/** Where a checkpoint's entries go: blocks of effects that a background worker writes. */
public interface CheckpointSink {
    /** True when no further entry should be emitted in this slice. */
    boolean full();

    /**
     * The block under construction: append exactly one operation, then call {@link #entryAdded}.
     */
    Effects block();

    /** Ends an entry with the LSN of the version that it holds. */
    void entryAdded(long lsn);
}
