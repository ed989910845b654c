package io.nodedb.data.core;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.SystemCollections;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Gives a repeated idempotency key its first outcome. The outcome is written in the same batch as
 * the write itself, into the system collection {@link SystemCollections#IDEMPOTENCY} of the key's
 * partition, and expires by itself. A duplicate that comes while the first is still on its way
 * through the log finds the pending outcome and waits with it.
 *
 * <pre>
 *   key: tenant u32 | idempotency key
 *   outcome: plan hash i64 | flags u8 (1 found, 2 applied, 4 result was too large to keep) | number i64 | result bytes
 * </pre>
 */
@CoreOwned
final class IdempotencyCheck {
    /** No outcome is known: the write is to be executed. */
    static final int NEW = -1;

    /** The first outcome is in the call. */
    static final int KNOWN = 0;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int FLAGS = 8;
    private static final int NUMBER = 9;
    private static final int RESULT = 17;
    private static final int FOUND = 1;
    private static final int APPLIED = 2;
    private static final int NOT_KEPT = 4;

    private final Partitions partitions;
    private final CoreContext context;
    private final CoreSettings settings;
    private final KvCall scratch = new KvCall();
    private byte[] outcome = new byte[RESULT];
    private byte[] scope = new byte[64];

    IdempotencyCheck(Partitions partitions, CoreContext context, CoreSettings settings) {
        this.partitions = partitions;
        this.context = context;
        this.settings = settings;
    }

    /** {@link #NEW}, {@link #KNOWN}, or an error number. */
    int look(Request<Call> request, KvCall call, EngineSlot slot) {
        EngineSlot outcomes =
                partitions.slot(
                        slot.partition(), partitions.engineOf(SystemCollections.IDEMPOTENCY));
        if (request.idempotencyLength > settings.idempotencyKeyBytes()) {
            return context.fail(
                    ErrorCode.INVALID_ARGUMENT,
                    "the idempotency key is longer than "
                            + settings.idempotencyKeyBytes()
                            + " bytes");
        }
        address(KvOp.GET, request);
        context.readOnly(true);
        int result = outcomes.engine().execute(scratch, context);
        context.readOnly(false);
        if (result != Outcome.DONE) {
            return result;
        }
        if (!scratch.found) {
            return NEW;
        }
        byte[] stored = scratch.result;
        if ((long) LONG.get(stored, 0) != planHash(call)) {
            return context.fail(
                    ErrorCode.DUPLICATE_WRITE,
                    "the idempotency key was used for a different write");
        }
        int flags = stored[FLAGS];
        if ((flags & NOT_KEPT) != 0) {
            return context.fail(
                    ErrorCode.DUPLICATE_WRITE,
                    "the write was made, but its result was larger than "
                            + settings.idempotencyResultBytes()
                            + " bytes and was not kept");
        }
        call.found = (flags & FOUND) != 0;
        call.applied = (flags & APPLIED) != 0;
        call.resultNumber = (long) LONG.get(stored, NUMBER);
        call.resultLength = scratch.resultLength - RESULT;
        System.arraycopy(
                stored, RESULT, call.resultBuffer(call.resultLength), 0, call.resultLength);
        return KNOWN;
    }

    /** Appends the outcome to the batch. @return {@link Outcome#DONE} or an error number */
    int remember(Request<Call> request, KvCall call, EngineSlot slot) {
        boolean kept = call.resultLength <= settings.idempotencyResultBytes();
        int resultLength = kept ? call.resultLength : 0;
        if (outcome.length < RESULT + resultLength) {
            outcome = new byte[RESULT + resultLength];
        }
        LONG.set(outcome, 0, planHash(call));
        outcome[FLAGS] =
                (byte)
                        ((call.found ? FOUND : 0)
                                | (call.applied ? APPLIED : 0)
                                | (kept ? 0 : NOT_KEPT));
        LONG.set(outcome, NUMBER, call.resultNumber);
        System.arraycopy(call.result, 0, outcome, RESULT, resultLength);
        address(KvOp.PUT, request);
        scratch.setValue(outcome, 0, RESULT + resultLength);
        scratch.expireAtMillis = context.nowMillis() + settings.idempotencyKeepMillis();
        EngineSlot outcomes =
                partitions.slot(
                        slot.partition(), partitions.engineOf(SystemCollections.IDEMPOTENCY));
        return outcomes.engine().execute(scratch, context);
    }

    /** Keys are each tenant's own. */
    private void address(KvOp op, Request<Call> request) {
        scratch.reset();
        scratch.op = op;
        scratch.collection = SystemCollections.IDEMPOTENCY;
        int length = Integer.BYTES + request.idempotencyLength;
        if (scope.length < length) {
            scope = new byte[length];
        }
        INT.set(scope, 0, request.tenant);
        System.arraycopy(
                request.idempotencyKey, 0, scope, Integer.BYTES, request.idempotencyLength);
        scratch.setKey(scope, 0, length);
    }

    private static long planHash(KvCall call) {
        return (call.valuesHash() * 31 + call.operation()) * 31 + call.collection;
    }
}
