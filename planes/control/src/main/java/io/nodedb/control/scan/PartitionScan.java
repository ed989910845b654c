package io.nodedb.control.scan;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.Dispatcher;
import io.nodedb.control.dispatch.Exchange;
import io.nodedb.plan.kv.KvScanCall;
import io.nodedb.storage.snapshot.SnapshotHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Pages of one partition. While one page is being read the core fills the next, so two exchanges
 * take turns.
 */
final class PartitionScan {
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int ENTRY_HEADER_BYTES = 16;

    private final Dispatcher dispatcher;
    private final ScanDeadlines deadlines;
    private final int core;
    private final CallOptions options;

    private Exchange<KvScanCall> reading;
    private Exchange<KvScanCall> coming;
    private boolean underWay;

    private int at;
    private int end;
    private int entriesLeft;
    private long hash;

    PartitionScan(
            Dispatcher dispatcher,
            ScanDeadlines deadlines,
            int core,
            int partition,
            int collection,
            boolean withValues,
            int pageBytes,
            int pageEntries,
            SnapshotHandle snapshot,
            CallOptions options) {
        this.dispatcher = dispatcher;
        this.deadlines = deadlines;
        this.core = core;
        this.options = options;
        this.reading = page(partition, collection, withValues, pageBytes, pageEntries, snapshot);
        this.coming = page(partition, collection, withValues, pageBytes, pageEntries, snapshot);
    }

    private static Exchange<KvScanCall> page(
            int partition,
            int collection,
            boolean withValues,
            int pageBytes,
            int pageEntries,
            SnapshotHandle snapshot) {
        Exchange<KvScanCall> exchange = new Exchange<>(new KvScanCall());
        exchange.call.collection = collection;
        exchange.call.partition = partition;
        exchange.call.withValues = withValues;
        exchange.call.maxBytes = pageBytes;
        exchange.call.maxEntries = pageEntries;
        exchange.partition = partition;
        exchange.readLsn = snapshot.lsn();
        exchange.snapshotSlot = snapshot.slot();
        return exchange;
    }

    /** Asks for the first page; all partitions of a scan fill theirs at the same time. */
    void start() {
        request(0);
    }

    /** Moves to the next entry; false at the end. */
    boolean advance() {
        if (entriesLeft > 0) {
            at += ENTRY_HEADER_BYTES + keyLength() + valueLength();
            entriesLeft--;
        }
        while (entriesLeft == 0) {
            if (!turnPage()) {
                return false;
            }
        }
        Check.that(
                at + ENTRY_HEADER_BYTES <= end
                        && keyLength() >= 0
                        && valueLength() >= 0
                        && keyLength() + valueLength() <= end - at - ENTRY_HEADER_BYTES,
                "a scan's entry lies in its page",
                at);
        hash = KeyHash.of(page(), keyOffset(), keyLength());
        return true;
    }

    /** Turns all pages and adds up their entries. */
    long count() {
        long count = 0;
        while (turnPage()) {
            count += entriesLeft;
            entriesLeft = 0;
        }
        return count;
    }

    long hash() {
        return hash;
    }

    ScanEntry entry() {
        int key = keyOffset();
        int value = key + keyLength();
        return new ScanEntry(
                Arrays.copyOfRange(page(), key, value),
                hash,
                Arrays.copyOfRange(page(), value, value + valueLength()),
                (long) LONG.get(page(), at + 8));
    }

    private boolean turnPage() {
        if (!underWay) {
            return false;
        }
        dispatcher.finish(core, coming);
        underWay = false;
        Exchange<KvScanCall> read = reading;
        reading = coming;
        coming = read;
        KvScanCall page = reading.call;
        at = 0;
        end = page.pageLength;
        entriesLeft = page.entries;
        if (!page.finished) {
            request(page.nextCursor);
        }
        return true;
    }

    private void request(long cursor) {
        KvScanCall call = coming.call;
        call.cursor = cursor;
        call.pageLength = 0;
        call.entries = 0;
        call.nextCursor = 0;
        call.finished = false;
        coming.tenant = options.tenant();
        coming.priority = options.priority();
        coming.source = options.source();
        coming.deadlineNanos = deadlines.ofNextPage();
        dispatcher.start(core, coming);
        underWay = true;
    }

    private byte[] page() {
        return reading.call.page;
    }

    private int keyLength() {
        return (int) INT.get(page(), at);
    }

    private int valueLength() {
        return (int) INT.get(page(), at + 4);
    }

    private int keyOffset() {
        return at + ENTRY_HEADER_BYTES;
    }
}
