package io.nodedb.document.engine;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.document.RangeScanCall;
import io.nodedb.plan.document.ScanDirection;
import io.nodedb.storage.bytes.LittleEndian;
import io.nodedb.storage.rows.RowCursor;
import io.nodedb.storage.rows.RowStore;
import io.nodedb.storage.rows.cache.BlockRequests;
import java.util.Arrays;

/**
 * Executes pages of range scans. A page's cursor stays with its call, so that what was passed over
 * in one quantum is not passed over again in the next; it holds no memory of the store meanwhile.
 */
@CoreOwned
final class RowScans {
    /** Key length, value length, LSN. */
    private static final int ENTRY_HEADER = 16;

    private static final int SMALLEST_PAGE = 1024;

    private final RowStore store;

    RowScans(RowStore store) {
        this.store = store;
    }

    /** Where a page has come to. */
    private static final class Position {
        final RowStore of;
        final RowCursor cursor;
        byte[] key = new byte[64];

        /** The first row of the page has been found: further ones follow it. */
        boolean onRow;

        Position(RowStore of) {
            this.of = of;
            this.cursor = of.newCursor();
        }

        byte[] keyOf(int length) {
            if (key.length < length) {
                key = new byte[2 * length];
            }
            return key;
        }
    }

    /** As {@link io.nodedb.engine.Engine#execute}. */
    int execute(RangeScanCall call, ExecutionContext context) {
        Position position = positionOf(call, context);
        boolean forward = call.direction == ScanDirection.FORWARD;
        while (true) {
            switch (move(position, call, forward)) {
                case RowStore.FOUND -> {
                    position.onRow = true;
                    if (isBeyond(position.cursor, call, forward)) {
                        return ended(call);
                    }
                    take(position.cursor, call, context);
                    if (call.entries >= call.maxEntries || call.pageLength >= call.maxBytes) {
                        return Outcome.DONE;
                    }
                }
                case RowStore.ABSENT -> {
                    return ended(call);
                }
                case RowStore.MISS -> {
                    BlockRequests blocks = context.blocks();
                    context.readElsewhere(blocks::load);
                    call.resumable = true;
                    return Outcome.WAIT_FOR_READ;
                }
                default -> {
                    // Many rows that are not visible: the same move goes on from there.
                }
            }
            if (context.quantumOver()) {
                call.resumable = true;
                return Outcome.YIELD;
            }
        }
    }

    private static int ended(RangeScanCall call) {
        call.finished = true;
        return Outcome.DONE;
    }

    /** The call's position; a page that cannot go on begins anew. */
    private Position positionOf(RangeScanCall call, ExecutionContext context) {
        boolean goesOn = call.resumable;
        call.resumable = false;
        Position position = call.scratch instanceof Position kept && kept.of == store ? kept : null;
        if (position != null && goesOn) {
            position.cursor.resume(context.blocks());
            return position;
        }
        if (position == null) {
            position = new Position(store);
            call.scratch = position;
        }
        call.resetAnswer();
        position.onRow = false;
        position.cursor.open(call.collection, context.readLsn(), context.blocks());
        return position;
    }

    private static int move(Position position, RangeScanCall call, boolean forward) {
        RowCursor cursor = position.cursor;
        if (position.onRow) {
            return forward ? cursor.next() : cursor.previous();
        }
        byte[] after = call.after;
        if (forward) {
            if (after != null) {
                // The least key above it: the same with a zero behind.
                byte[] above = position.keyOf(after.length + 1);
                System.arraycopy(after, 0, above, 0, after.length);
                above[after.length] = 0;
                return cursor.seek(above, 0, after.length + 1);
            }
            byte[] from = call.from;
            return from == null ? cursor.first() : cursor.seek(from, 0, from.length);
        }
        byte[] before = after != null ? after : call.to;
        return before == null ? cursor.last() : cursor.seekBefore(before, 0, before.length);
    }

    private static boolean isBeyond(RowCursor cursor, RangeScanCall call, boolean forward) {
        byte[] end = forward ? call.to : call.from;
        if (end == null) {
            return false;
        }
        int order = Arrays.compareUnsigned(cursor.key(), 0, cursor.keyLength(), end, 0, end.length);
        return forward ? order >= 0 : order < 0;
    }

    private static void take(RowCursor cursor, RangeScanCall call, ExecutionContext context) {
        if (cursor.stamp() < 0) {
            context.dependsOn(-cursor.stamp());
        }
        int keyLength = cursor.keyLength();
        int valueLength = call.withValues ? cursor.valueLength() : 0;
        int at = call.pageLength;
        int end = at + ENTRY_HEADER + keyLength + valueLength;
        if (end > call.page.length) {
            call.page =
                    Arrays.copyOf(
                            call.page,
                            Math.max(end, Math.max(SMALLEST_PAGE, 2 * call.page.length)));
        }
        LittleEndian.putInt(call.page, at, keyLength);
        LittleEndian.putInt(call.page, at + 4, valueLength);
        LittleEndian.putLong(call.page, at + 8, cursor.stamp());
        System.arraycopy(cursor.key(), 0, call.page, at + ENTRY_HEADER, keyLength);
        System.arraycopy(cursor.value(), 0, call.page, at + ENTRY_HEADER + keyLength, valueLength);
        call.pageLength = end;
        call.entries++;
    }
}
