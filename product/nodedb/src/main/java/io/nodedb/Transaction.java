package io.nodedb;

/**
 * A transaction under snapshot isolation, as {@link NodeDb#transaction} runs it: all its reads see
 * the database as of its beginning, and its own writes; others see all of its writes or none. When
 * another transaction has committed a write to a key that this one wrote, this one is rolled back
 * and run again from the start.
 *
 * <p>It must not be used by another thread, nor after the function that it was given to has
 * returned. Its writes wait in memory until the commit, at most {@code transaction_write_limit} (64
 * MiB), else {@code FAN_OUT_EXCEEDED}.
 */
public interface Transaction {
    /**
     * A collection inside this transaction. One that does not exist is created, outside of the
     * transaction and for good.
     */
    KeyValueOperations kv(String collection);

    /** As {@link #kv}, a collection of documents. */
    DocumentOperations documents(String collection);

    /** Every commit up to this log sequence number is seen, none above it. */
    long snapshotLsn();
}
