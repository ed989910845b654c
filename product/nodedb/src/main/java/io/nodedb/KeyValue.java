package io.nodedb;

/**
 * A key-value collection outside of transactions: each call is atomic and, when it writes, a commit
 * of its own. Reads see the newest write, and what any call tells is as durable as the collection
 * promises: nobody is told what could still vanish.
 *
 * <p>Safe for every thread. A call waits for its answer at most until its deadline; when the
 * database is busy it waits for room first. Calls are refused in callbacks of asynchronous ones.
 */
public interface KeyValue extends KeyValueOperations {
    /** The same collection for callers that do not wait. */
    AsyncKeyValue async();

    /** The same collection under other options. */
    KeyValue with(RequestOptions options);
}
