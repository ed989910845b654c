package io.nodedb;

import io.nodedb.control.catalog.Catalog;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.port.ChangeCursor;
import io.nodedb.control.port.ChangeRecord;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The changes of all collections with a feed, in the order in which they were committed. Delivery
 * is at least once: a consumer that keeps {@link #position()} and starts there again misses
 * nothing. A consumer that is too slow for the log's bounds gets {@code LSN_TOO_OLD}, never a
 * silent gap.
 *
 * <p>Belongs to one thread at a time.
 */
public final class ChangeFeed implements AutoCloseable {
    private final ChangeCursor cursor;
    private final Catalog catalog;

    ChangeFeed(ChangeCursor cursor, Catalog catalog) {
        this.cursor = cursor;
        this.catalog = catalog;
    }

    /** The next change, or null when there is none now. */
    public @Nullable Change poll() {
        ChangeRecord next = cursor.poll();
        return next == null ? null : change(next);
    }

    /** The next change, or null when none came in that time. */
    public @Nullable Change poll(Duration timeout) {
        ChangeRecord next = cursor.poll(timeout.toNanos());
        return next == null ? null : change(next);
    }

    /** Every change up to here was returned: where a later feed may start. */
    public long position() {
        return cursor.position();
    }

    @Override
    public void close() {
        cursor.close();
    }

    private Change change(ChangeRecord next) {
        CollectionInfo collection = catalog.state().byId(next.collection());
        return new Change(
                next.lsn(),
                next.partition(),
                next.index(),
                collection == null ? "" : collection.name(),
                operation(next),
                next.key(),
                next.value(),
                next.priorValue());
    }

    private static Change.Operation operation(ChangeRecord next) {
        if (next.value() != null) {
            return next.priorValue() == null ? Change.Operation.INSERT : Change.Operation.UPDATE;
        }
        return next.expired() ? Change.Operation.EXPIRE : Change.Operation.DELETE;
    }
}
