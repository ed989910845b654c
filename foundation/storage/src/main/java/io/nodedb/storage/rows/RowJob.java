package io.nodedb.storage.rows;

import java.io.IOException;

/**
 * A piece of background work on immutable input: its owner never blocks, a worker does.
 *
 * <p>One worker at a time; handing over must publish it (a queue does). A job that threw has
 * removed what it wrote, as far as the disk let it.
 */
public interface RowJob {
    /** What it does, for logs and metrics. */
    RowJobKind kind();

    /**
     * One slice: some blocks of input and output, so that a budget can be charged between slices.
     *
     * @return true when there is more to do
     */
    boolean step() throws IOException;

    /** Bytes read and written so far. */
    long bytesMoved();
}
