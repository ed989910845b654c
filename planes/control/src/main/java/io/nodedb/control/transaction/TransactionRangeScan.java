package io.nodedb.control.transaction;

import io.nodedb.control.scan.EntrySource;
import io.nodedb.control.scan.KeyRange;
import io.nodedb.control.scan.RangeScan;
import io.nodedb.control.scan.ScanEntry;
import io.nodedb.plan.commit.KeyWrite;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scan of a range at the transaction's snapshot merged with its own writes, in the order of keys.
 * One thread at a time.
 */
public final class TransactionRangeScan implements EntrySource {
    private final RangeScan committed;
    private final KeyRange range;
    private final List<KeyWrite> own;
    private int nextOwn;
    private @Nullable ScanEntry head;
    private boolean begun;

    /**
     * @param own the transaction's writes within the range, in its order
     */
    TransactionRangeScan(RangeScan committed, KeyRange range, List<KeyWrite> own) {
        this.committed = committed;
        this.range = range;
        this.own = own;
    }

    @Override
    public @Nullable ScanEntry next() {
        if (!begun) {
            begun = true;
            head = committed.next();
        }
        while (nextOwn < own.size()) {
            KeyWrite write = own.get(nextOwn);
            ScanEntry other = head;
            int order = other == null ? 1 : range.compare(other.key(), write.key());
            if (order < 0) {
                break;
            }
            if (order == 0) {
                head = committed.next();
            }
            nextOwn++;
            byte[] value = write.value();
            if (value != null) {
                return new ScanEntry(write.key().clone(), write.keyHash(), value.clone(), 0);
            }
        }
        ScanEntry entry = head;
        if (entry != null) {
            head = committed.next();
        }
        return entry;
    }

    @Override
    public void close() {
        committed.close();
    }
}
