package io.nodedb.kv;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvScanCall;
import io.nodedb.storage.bytes.LittleEndian;
import java.util.Arrays;

/**
 * Executes pages of scans: walks the index in the order of hashes and copies what is live. A page
 * ends between two hashes, so whatever is written or moved between pages, a key that stays is
 * neither missed nor repeated.
 *
 * <p>Between quanta {@link KvScanCall#nextCursor} is how far the page has come. A page that was
 * answered and is executed again (its log failed meanwhile) starts anew.
 */
@CoreOwned
final class KvScan {
    /** Key length, value length, expiry. */
    private static final int ENTRY_HEADER = 16;

    /** Largest page; only a value near the limit of values makes one larger than asked for. */
    private static final int PAGE_LIMIT = 1 << 30;

    private final HashOrder order = new HashOrder();

    /** As {@link io.nodedb.engine.Engine#execute}. */
    int execute(KvTable table, KvScanCall call, ExecutionContext context) {
        if (!call.resumable) {
            call.pageLength = 0;
            call.entries = 0;
            call.finished = false;
            call.nextCursor = call.cursor;
        }
        call.resumable = false;
        long cursor = call.nextCursor;
        while (true) {
            order.read(table, cursor);
            for (int i = 0; i < order.count(); i++) {
                long hash = order.hash(i);
                boolean sameHash = i > 0 && order.hash(i - 1) == hash;
                if (!sameHash && isFull(call)) {
                    return pageEnds(call, hash);
                }
                int failed = take(table, call, context, order.head(i));
                if (failed != Outcome.DONE) {
                    return failed;
                }
            }
            cursor = table.index.nextBucketHash(cursor);
            if (cursor == 0) {
                call.finished = true;
                call.nextCursor = 0;
                return Outcome.DONE;
            }
            call.nextCursor = cursor;
            if (isFull(call)) {
                return Outcome.DONE;
            }
            if (context.quantumOver()) {
                call.resumable = true;
                return Outcome.YIELD;
            }
        }
    }

    private static boolean isFull(KvScanCall call) {
        return call.entries > 0
                && (call.entries >= call.maxEntries || call.pageLength >= call.maxBytes);
    }

    private static int pageEnds(KvScanCall call, long nextHash) {
        call.nextCursor = nextHash;
        return Outcome.DONE;
    }

    private static int take(KvTable table, KvScanCall call, ExecutionContext context, long head) {
        EntryStore entries = table.entries;
        long readLsn = context.readLsn();
        long version = readLsn == 0 ? head : entries.visibleAt(head, readLsn);
        if (version == 0) {
            return Outcome.DONE;
        }
        long stamp = entries.stamp(version);
        if (stamp < 0) {
            context.dependsOn(-stamp);
        }
        if (!entries.isLive(version, context.nowMillis())
                || (call.withValues && table.typeOf(version) != ValueType.STRING)) {
            return Outcome.DONE;
        }
        int keyLength = entries.keyLength(version);
        int valueLength = call.withValues ? entries.valueLength(version) : 0;
        long end = (long) call.pageLength + ENTRY_HEADER + keyLength + valueLength;
        if (end > PAGE_LIMIT) {
            return context.fail(
                    ErrorCode.RESOURCES_EXHAUSTED,
                    "keys of one hash do not fit a page: bytes=" + end + " limit=" + PAGE_LIMIT);
        }
        if (end > call.page.length) {
            long doubled = Math.min(PAGE_LIMIT, 2L * call.page.length);
            call.page =
                    Arrays.copyOf(call.page, (int) Math.max(end, Math.max(call.maxBytes, doubled)));
        }
        int at = call.pageLength;
        LittleEndian.putInt(call.page, at, keyLength);
        LittleEndian.putInt(call.page, at + 4, valueLength);
        LittleEndian.putLong(call.page, at + 8, entries.expireAt(version));
        entries.copyKey(version, call.page, at + ENTRY_HEADER);
        if (call.withValues) {
            entries.copyValue(version, call.page, at + ENTRY_HEADER + keyLength);
        }
        call.pageLength = (int) end;
        call.entries++;
        return Outcome.DONE;
    }
}
