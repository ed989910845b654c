package io.nodedb.assembly;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.catalog.Catalog;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.port.ChangeCursor;
import io.nodedb.control.port.ChangePort;
import io.nodedb.control.port.ChangeRecord;
import io.nodedb.event.Change;
import io.nodedb.event.ChangeFeed;
import io.nodedb.event.EventHub;
import io.nodedb.event.Operation;
import org.jspecify.annotations.Nullable;

/**
 * Change feeds of the Event Plane as the Control Plane's port wants them: of the collections that
 * have a feed.
 */
@Immutable
final class FeedPort implements ChangePort {
    private final EventHub hub;
    private final Catalog catalog;

    FeedPort(EventHub hub, Catalog catalog) {
        this.hub = hub;
        this.catalog = catalog;
    }

    @Override
    public ChangeCursor open(long fromLsn) {
        return new Cursor(hub.changes(fromLsn, (partition, collection) -> hasFeed(collection)));
    }

    private boolean hasFeed(int collection) {
        CollectionInfo info = catalog.state().byId(collection);
        return info != null && info.feed();
    }

    private static final class Cursor implements ChangeCursor {
        private final ChangeFeed feed;

        Cursor(ChangeFeed feed) {
            this.feed = feed;
        }

        @Override
        public @Nullable ChangeRecord poll() {
            return record(feed.poll());
        }

        @Override
        public @Nullable ChangeRecord poll(long timeoutNanos) {
            try {
                return record(feed.take(timeoutNanos));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return null;
            }
        }

        private @Nullable ChangeRecord record(@Nullable Change change) {
            if (change == null) {
                return null;
            }
            if (change.operation() == Operation.GAP) {
                throw new NodeDbException(
                        ErrorCode.LSN_TOO_OLD,
                        "the log no longer holds the changes after lsn=" + change.lsn());
            }
            return new ChangeRecord(
                    change.lsn(),
                    change.partition(),
                    change.sequence(),
                    change.collection(),
                    change.source(),
                    change.key(),
                    change.newValue(),
                    change.oldValue(),
                    change.operation() == Operation.EXPIRE);
        }

        @Override
        public long position() {
            return feed.position();
        }

        @Override
        public void close() {
            feed.close();
        }
    }
}
