package io.nodedb.control.scan;

import io.nodedb.base.errors.Check;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.Dispatcher;
import io.nodedb.control.dispatch.Exchange;
import io.nodedb.plan.document.RangeScanCall;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.snapshot.SnapshotHandle;
import java.util.Arrays;

/**
 * Pages of a range of one partition. While one page is being read the core fills the next, so two
 * exchanges take turns.
 */
final class RangePartitionScan {
    /** Key length, value length, LSN. */
    private static final int ENTRY_HEADER_BYTES = 16;

    private static final byte[] NO_KEY = {};

    private final Dispatcher dispatcher;
    private final ScanDeadlines deadlines;
    private final int core;
    private final CallOptions options;

    private Exchange<RangeScanCall> reading;
    private Exchange<RangeScanCall> coming;
    private boolean underWay;

    private int at;
    private int entriesLeft;
    private byte[] key = NO_KEY;

    RangePartitionScan(
            Dispatcher dispatcher,
            ScanDeadlines deadlines,
            int core,
            RangeScanCall like,
            SnapshotHandle snapshot,
            CallOptions options) {
        this.dispatcher = dispatcher;
        this.deadlines = deadlines;
        this.core = core;
        this.options = options;
        this.reading = page(like, snapshot);
        this.coming = page(like, snapshot);
    }

    private static Exchange<RangeScanCall> page(RangeScanCall like, SnapshotHandle snapshot) {
        Exchange<RangeScanCall> exchange = new Exchange<>(new RangeScanCall());
        RangeScanCall call = exchange.call;
        call.collection = like.collection;
        call.partition = like.partition;
        call.direction = like.direction;
        call.from = like.from;
        call.to = like.to;
        call.withValues = like.withValues;
        call.maxBytes = like.maxBytes;
        call.maxEntries = like.maxEntries;
        exchange.partition = like.partition;
        exchange.readLsn = snapshot.lsn();
        exchange.snapshotSlot = snapshot.slot();
        return exchange;
    }

    /** Asks for the first page; all partitions of a scan fill theirs at the same time. */
    void start() {
        request();
    }

    /** Moves to the next row; false at the end. */
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
        int end = reading.call.pageLength;
        Check.that(
                at + ENTRY_HEADER_BYTES <= end
                        && keyLength() >= 0
                        && valueLength() >= 0
                        && keyLength() + valueLength() <= end - at - ENTRY_HEADER_BYTES,
                "a scan's row lies in its page",
                at);
        key = Arrays.copyOfRange(page(), keyOffset(), keyOffset() + keyLength());
        return true;
    }

    /** Turns all pages and adds up their rows. */
    long count() {
        long count = 0;
        while (turnPage()) {
            count += entriesLeft;
            entriesLeft = 0;
        }
        return count;
    }

    byte[] key() {
        return key;
    }

    ScanEntry entry() {
        int value = keyOffset() + keyLength();
        return new ScanEntry(key, 0, Arrays.copyOfRange(page(), value, value + valueLength()), 0);
    }

    private boolean turnPage() {
        if (!underWay) {
            return false;
        }
        dispatcher.finish(core, coming);
        underWay = false;
        Exchange<RangeScanCall> read = reading;
        reading = coming;
        coming = read;
        RangeScanCall page = reading.call;
        at = 0;
        entriesLeft = page.entries;
        if (!page.finished) {
            coming.call.after = lastKey(page);
            request();
        }
        return true;
    }

    private static byte[] lastKey(RangeScanCall page) {
        int entry = 0;
        for (int i = 1; i < page.entries; i++) {
            entry +=
                    ENTRY_HEADER_BYTES
                            + LittleEndian.getInt(page.page, entry)
                            + LittleEndian.getInt(page.page, entry + 4);
        }
        int from = entry + ENTRY_HEADER_BYTES;
        return Arrays.copyOfRange(page.page, from, from + LittleEndian.getInt(page.page, entry));
    }

    private void request() {
        coming.call.resetAnswer();
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
        return LittleEndian.getInt(page(), at);
    }

    private int valueLength() {
        return LittleEndian.getInt(page(), at + 4);
    }

    private int keyOffset() {
        return at + ENTRY_HEADER_BYTES;
    }
}
