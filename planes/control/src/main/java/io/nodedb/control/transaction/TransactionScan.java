package io.nodedb.control.transaction;

import io.nodedb.control.scan.CollectionScan;
import io.nodedb.control.scan.EntrySource;
import io.nodedb.control.scan.ScanEntry;
import io.nodedb.plan.commit.KeyWrite;
import java.nio.ByteBuffer;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A scan at the transaction's snapshot merged with its own writes, in the order of key hashes. One
 * thread at a time.
 */
public final class TransactionScan implements EntrySource {
    private final CollectionScan committed;
    private final List<KeyWrite> own;
    private final Set<ByteBuffer> overwritten = new HashSet<>();
    private final long nowMillis;
    private int nextOwn;
    private @Nullable ScanEntry head;
    private boolean begun;

    /**
     * @param own the transaction's writes to the collection in the order of the scan
     * @param nowMillis the snapshot's time: own writes that expire at or before it are not there
     */
    TransactionScan(CollectionScan committed, List<KeyWrite> own, long nowMillis) {
        this.committed = committed;
        this.own = own;
        this.nowMillis = nowMillis;
        for (KeyWrite write : own) {
            overwritten.add(ByteBuffer.wrap(write.key()));
        }
    }

    @Override
    public @Nullable ScanEntry next() {
        if (!begun) {
            begun = true;
            head = nextCommitted();
        }
        while (nextOwn < own.size()) {
            KeyWrite write = own.get(nextOwn);
            ScanEntry other = head;
            if (other != null && Long.compareUnsigned(other.keyHash(), write.keyHash()) < 0) {
                break;
            }
            nextOwn++;
            byte[] value = write.value();
            if (value != null
                    && (write.expireAtMillis() <= 0 || write.expireAtMillis() > nowMillis)) {
                return new ScanEntry(
                        write.key().clone(),
                        write.keyHash(),
                        value.clone(),
                        Math.max(0, write.expireAtMillis()));
            }
        }
        ScanEntry entry = head;
        if (entry != null) {
            head = nextCommitted();
        }
        return entry;
    }

    @Override
    public void close() {
        committed.close();
    }

    private @Nullable ScanEntry nextCommitted() {
        ScanEntry entry = committed.next();
        while (entry != null && overwritten.contains(ByteBuffer.wrap(entry.key()))) {
            entry = committed.next();
        }
        return entry;
    }
}
