package io.nodedb.control.port;

import org.jspecify.annotations.Nullable;

/** Walks over changes. One thread at a time. */
public interface ChangeCursor extends AutoCloseable {
    /** The next change that is durable, or null when there is none now. */
    @Nullable ChangeRecord poll();

    /** As {@link #poll}, waiting at most so long. */
    @Nullable ChangeRecord poll(long timeoutNanos);

    /** Every change up to here has been returned; a new cursor may start from it. */
    long position();

    @Override
    void close();
}
