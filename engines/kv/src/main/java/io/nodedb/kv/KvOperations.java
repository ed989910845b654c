package io.nodedb.kv;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvCondition;
import io.nodedb.plan.kv.KvOp;

/**
 * Executes calls on one key. Reads answer from the newest applied version, or from the one that a
 * snapshot sees; writes are decided by the newest applied version and only append effects. Whatever
 * was read and is still pending is named to the context, so that the answer waits for it. A value
 * whose time is up is not there, whether or not its deletion has been logged.
 */
@CoreOwned
final class KvOperations {
    private final KvStreams streams;
    private final DecimalInteger number = new DecimalInteger();
    private byte[] scratch = new byte[DecimalInteger.MAX_BYTES];

    KvOperations(KvStreams streams) {
        this.streams = streams;
    }

    /** As {@link io.nodedb.engine.Engine#execute}. */
    int execute(KvTable table, KvCall call, ExecutionContext context) {
        int refused = KvLimits.check(call.keyLength, call.valueLength, context);
        if (refused != Outcome.DONE) {
            return refused;
        }
        return call.op.writes() ? write(table, call, context) : read(table, call, context);
    }

    private int read(KvTable table, KvCall call, ExecutionContext context) {
        if (call.streamed > 0) {
            return streams.resume(table, call, context);
        }
        call.resetAnswer();
        long readLsn = context.readLsn();
        long head = table.find(call.keyHash, call.key, 0, call.keyLength);
        long version = readLsn == 0 ? head : table.entries.visibleAt(head, readLsn);
        long present = live(table, version, context);
        call.found = present != 0;
        if (present == 0) {
            return Outcome.DONE;
        }
        if (call.op == KvOp.GET && table.typeOf(present) != ValueType.STRING) {
            return otherType(table, context, present);
        }
        return switch (call.op) {
            case GET -> get(table, call, context, present);
            case EXPIRY -> {
                call.resultNumber = table.entries.expireAt(present);
                yield Outcome.DONE;
            }
            case EXISTS -> Outcome.DONE;
            case PUT,
                    DELETE,
                    INCREMENT,
                    GET_AND_PUT,
                    GET_AND_DELETE,
                    COMPARE_AND_PUT,
                    COMPARE_AND_DELETE,
                    EXPIRE ->
                    throw new AssertionError(call.op);
        };
    }

    private int get(KvTable table, KvCall call, ExecutionContext context, long present) {
        if (table.entries.valueLength(present) > KvCall.INLINE_RESULT_BYTES) {
            return streams.start(table, call, context, present);
        }
        answer(table, call, present);
        return Outcome.DONE;
    }

    private int write(KvTable table, KvCall call, ExecutionContext context) {
        if (call.expireAtMillis < KvCall.KEEP_EXPIRY) {
            return context.fail(
                    ErrorCode.INVALID_ARGUMENT,
                    "the expiry is negative: expire_at_millis=" + call.expireAtMillis);
        }
        long head = table.find(call.keyHash, call.key, 0, call.keyLength);
        long present = live(table, head, context);
        call.resetAnswer();
        call.found = present != 0;
        if (present != 0 && readsValue(call.op) && table.typeOf(present) != ValueType.STRING) {
            return otherType(table, context, present);
        }
        return switch (call.op) {
            case PUT -> put(table, call, context, present);
            case DELETE -> delete(table, call, context, present);
            case INCREMENT -> increment(table, call, context, present);
            case GET_AND_PUT -> {
                answer(table, call, present);
                yield putValue(table, call, context, 0, present);
            }
            case GET_AND_DELETE -> {
                answer(table, call, present);
                yield delete(table, call, context, present);
            }
            case COMPARE_AND_PUT -> {
                if (!equalsExpected(table, call, present)) {
                    yield Outcome.DONE;
                }
                yield putValue(table, call, context, expiryAfter(table, call, present), present);
            }
            case COMPARE_AND_DELETE -> {
                if (!equalsExpected(table, call, present)) {
                    yield Outcome.DONE;
                }
                yield delete(table, call, context, present);
            }
            case EXPIRE -> expire(table, call, context, present);
            case GET, EXISTS, EXPIRY -> throw new AssertionError(call.op);
        };
    }

    /** Does a write look at the value that was there? */
    private static boolean readsValue(KvOp op) {
        return switch (op) {
            case INCREMENT, GET_AND_PUT, GET_AND_DELETE, COMPARE_AND_PUT, COMPARE_AND_DELETE ->
                    true;
            case GET, EXISTS, EXPIRY, PUT, DELETE, EXPIRE -> false;
        };
    }

    private static int otherType(KvTable table, ExecutionContext context, long present) {
        return context.fail(
                ErrorCode.TYPE_MISMATCH,
                "the key holds no string: type=" + table.typeOf(present).typeName());
    }

    private static int put(KvTable table, KvCall call, ExecutionContext context, long present) {
        boolean wanted = call.condition == KvCondition.IF_ABSENT ? present == 0 : present != 0;
        if (call.condition != KvCondition.ALWAYS && !wanted) {
            return Outcome.DONE;
        }
        return putValue(table, call, context, expiryAfter(table, call, present), present);
    }

    private static int putValue(
            KvTable table, KvCall call, ExecutionContext context, long expireAt, long present) {
        KvEffects.put(
                context.effects(), table, call, call.value, 0, call.valueLength, expireAt, present);
        call.applied = true;
        return Outcome.DONE;
    }

    private static int delete(KvTable table, KvCall call, ExecutionContext context, long present) {
        if (present != 0) {
            KvEffects.delete(context.effects(), table, 0, present);
            call.applied = true;
        }
        return Outcome.DONE;
    }

    private static int expire(KvTable table, KvCall call, ExecutionContext context, long present) {
        if (present == 0) {
            return Outcome.DONE;
        }
        long expireAt = expiryAfter(table, call, present);
        if (expireAt != table.entries.expireAt(present)) {
            KvEffects.expire(context.effects(), table, call, expireAt, present);
        }
        call.applied = true;
        return Outcome.DONE;
    }

    private int increment(KvTable table, KvCall call, ExecutionContext context, long present) {
        long before = 0;
        if (present != 0) {
            int length = table.entries.valueLength(present);
            if (length <= DecimalInteger.MAX_BYTES) {
                table.entries.copyValue(present, scratch, 0);
            }
            if (!number.parse(scratch, length)) {
                return context.fail(
                        ErrorCode.TYPE_MISMATCH,
                        "the value is not a 64-bit integer: bytes=" + length);
            }
            before = number.value();
        }
        long after = before + call.number;
        if (((before ^ after) & (call.number ^ after)) < 0) {
            return context.fail(
                    ErrorCode.OVERFLOW,
                    "the sum does not fit 64 bits: value=" + before + " increment=" + call.number);
        }
        number.format(after);
        KvEffects.put(
                context.effects(),
                table,
                call,
                number.bytes(),
                number.start(),
                number.length(),
                present == 0 ? 0 : table.entries.expireAt(present),
                present);
        call.resultNumber = after;
        call.applied = true;
        return Outcome.DONE;
    }

    private static boolean equalsExpected(KvTable table, KvCall call, long present) {
        return present != 0
                && table.entries.valueEquals(present, call.expected, call.expectedLength);
    }

    private static long expiryAfter(KvTable table, KvCall call, long present) {
        if (call.expireAtMillis != KvCall.KEEP_EXPIRY) {
            return call.expireAtMillis;
        }
        return present == 0 ? 0 : table.entries.expireAt(present);
    }

    /** The value, whole: what is written at the same time can't be told piece by piece. */
    private static void answer(KvTable table, KvCall call, long present) {
        int length = present == 0 ? 0 : table.entries.valueLength(present);
        if (length > 0) {
            table.entries.copyValue(present, call.resultBuffer(length), 0);
        }
        call.resultLength = length;
    }

    /** A version if it holds a value now, otherwise 0; what is read while pending is named. */
    private static long live(KvTable table, long version, ExecutionContext context) {
        if (version == 0) {
            return 0;
        }
        long stamp = table.entries.stamp(version);
        if (stamp < 0) {
            context.dependsOn(-stamp);
        }
        return table.entries.isLive(version, context.nowMillis()) ? version : 0;
    }
}
