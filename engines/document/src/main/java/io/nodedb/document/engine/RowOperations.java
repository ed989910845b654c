package io.nodedb.document.engine;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.document.DocumentLimits;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.storage.rows.RowStore;
import io.nodedb.storage.rows.RowTarget;
import io.nodedb.storage.rows.cache.BlockRequests;
import java.util.Arrays;

/**
 * Executes calls on one key. Every write first looks whether the row is there: whether it adds one
 * has to be in the log. For a new key the files' filters nearly always tell that without a read.
 *
 * <p>A row is answered whole in the call's own buffer, whatever its size: the row that was read is
 * not there any more when a client has credit for its second part.
 */
@CoreOwned
final class RowOperations {
    private final RowStore store;
    private final RowTarget row = new RowTarget();

    RowOperations(RowStore store) {
        this.store = store;
    }

    /** As {@link io.nodedb.engine.Engine#execute}. */
    int execute(CollectionOptions options, KvCall call, ExecutionContext context) {
        if (call.keyLength > RowStore.MAX_KEY_BYTES) {
            return tooLong(context, "the key", call.keyLength, RowStore.MAX_KEY_BYTES);
        }
        if (call.valueLength > DocumentLimits.MAX_DOCUMENT_BYTES) {
            return tooLong(context, "the row", call.valueLength, DocumentLimits.MAX_DOCUMENT_BYTES);
        }
        try {
            return readThenDecide(options, call, context);
        } finally {
            row.clear();
        }
    }

    private static int tooLong(ExecutionContext context, String what, int bytes, int limit) {
        return context.fail(
                ErrorCode.PROGRAM_LIMIT, what + " is too long: bytes=" + bytes + " limit=" + limit);
    }

    private int readThenDecide(CollectionOptions options, KvCall call, ExecutionContext context) {
        BlockRequests blocks = context.blocks();
        int outcome =
                store.get(
                        call.collection,
                        call.key,
                        0,
                        call.keyLength,
                        call.writes() ? 0 : context.readLsn(),
                        row,
                        blocks);
        if (outcome == RowStore.MISS) {
            context.readElsewhere(blocks::load);
            return Outcome.WAIT_FOR_READ;
        }
        if (row.stamp() < 0) {
            context.dependsOn(-row.stamp());
        }
        call.resetAnswer();
        call.found = outcome == RowStore.FOUND;
        return switch (call.op) {
            case GET -> answer(call);
            // A row's expiry is none.
            case EXISTS, EXPIRY -> Outcome.DONE;
            case PUT -> conditionHolds(call) ? put(options, call, context) : Outcome.DONE;
            case DELETE -> delete(options, call, context);
            case GET_AND_PUT -> {
                answer(call);
                yield put(options, call, context);
            }
            case GET_AND_DELETE -> {
                answer(call);
                yield delete(options, call, context);
            }
            case COMPARE_AND_PUT -> isAsExpected(call) ? put(options, call, context) : Outcome.DONE;
            case COMPARE_AND_DELETE ->
                    isAsExpected(call) ? delete(options, call, context) : Outcome.DONE;
            case INCREMENT, EXPIRE ->
                    context.fail(
                            ErrorCode.UNSUPPORTED,
                            "rows of document collections have no " + call.op);
        };
    }

    private static boolean conditionHolds(KvCall call) {
        return switch (call.condition) {
            case ALWAYS -> true;
            case IF_ABSENT -> !call.found;
            case IF_PRESENT -> call.found;
        };
    }

    private int answer(KvCall call) {
        if (call.found) {
            System.arraycopy(row.value(), 0, call.resultBuffer(row.length()), 0, row.length());
            call.resultLength = row.length();
        }
        return Outcome.DONE;
    }

    private boolean isAsExpected(KvCall call) {
        return call.found
                && Arrays.equals(
                        row.value(), 0, row.length(), call.expected, 0, call.expectedLength);
    }

    private int put(CollectionOptions options, KvCall call, ExecutionContext context) {
        if (call.expireAtMillis > 0) {
            return context.fail(
                    ErrorCode.UNSUPPORTED, "rows of document collections do not expire");
        }
        RowEffects.put(context.effects(), options, call, call.found, row);
        call.applied = true;
        return Outcome.DONE;
    }

    private int delete(CollectionOptions options, KvCall call, ExecutionContext context) {
        if (call.found) {
            RowEffects.delete(context.effects(), options, call, row);
            call.applied = true;
        }
        return Outcome.DONE;
    }

    /** As {@link io.nodedb.engine.Engine#newestStamp}; requests that wait stay the caller's. */
    long newestStamp(int collection, byte[] key, int offset, int length, BlockRequests blocks) {
        int outcome = store.get(collection, key, offset, length, 0, row, blocks);
        long stamp = row.stamp();
        row.clear();
        return outcome == RowStore.MISS ? io.nodedb.engine.Engine.READ_FIRST : stamp;
    }
}
