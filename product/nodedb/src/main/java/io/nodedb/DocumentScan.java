package io.nodedb;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.control.scan.EntrySource;
import io.nodedb.control.scan.ScanEntry;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/**
 * Documents of a range of ids as of one moment, in the order of their ids. Read once: by iterating
 * or as a stream.
 *
 * <p>Close it when it was not read to its end: until then it holds its snapshot (at most {@code
 * max_snapshot_age}, then reading fails with {@code SNAPSHOT_TOO_OLD}) and keeps its collection
 * from being purged. One thread at a time.
 */
public final class DocumentScan implements Iterable<Row>, AutoCloseable {
    private final EntrySource source;
    private final DocumentCollection collection;
    private boolean taken;

    DocumentScan(EntrySource source, DocumentCollection collection) {
        this.source = source;
        this.collection = collection;
    }

    /** Iterates; may be called once. */
    @Override
    public Iterator<Row> iterator() {
        if (taken) {
            throw new NodeDbException(
                    ErrorCode.INVALID_ARGUMENT, "A scan is read once: start another one");
        }
        taken = true;
        return new Rows();
    }

    /** The rows as a sequential stream, which closes the scan when it is closed. */
    public Stream<Row> stream() {
        return StreamSupport.stream(
                        Spliterators.spliteratorUnknownSize(
                                iterator(),
                                Spliterator.NONNULL | Spliterator.DISTINCT | Spliterator.ORDERED),
                        false)
                .onClose(this::close);
    }

    @Override
    public void close() {
        source.close();
    }

    private final class Rows implements Iterator<Row> {
        private @Nullable ScanEntry next;
        private boolean looked;

        @Override
        public boolean hasNext() {
            if (!looked) {
                next = source.next();
                looked = true;
            }
            return next != null;
        }

        @Override
        public Row next() {
            boolean more = hasNext();
            ScanEntry entry = next;
            if (!more || entry == null) {
                throw new NoSuchElementException("the scan has ended");
            }
            looked = false;
            next = null;
            return new Row(Id.ofKey(entry.key()), collection.readers().document(entry.value()));
        }
    }
}
