package io.nodedb;

/**
 * A collection of documents outside of transactions: each call is atomic and, when it writes, a
 * commit of its own. Reads see the newest write, and what any call tells is as durable as the
 * collection promises.
 *
 * <p>The documents may be many times more than memory holds. Safe for every thread; calls are
 * refused in callbacks of asynchronous ones.
 */
public interface Documents extends DocumentOperations {
    /** The same collection for callers that do not wait. */
    AsyncDocuments async();

    /** The same collection under other options. */
    Documents with(RequestOptions options);
}
