package io.nodedb.control.scan;

import org.jspecify.annotations.Nullable;

/** Entries one after the other, in the order of key hashes. One thread at a time. */
public interface EntrySource extends AutoCloseable {
    /** The next entry, or null at the end (and ever after). */
    @Nullable ScanEntry next();

    /** Ends it early. Nothing happens when it has ended. */
    @Override
    void close();
}
