package io.nodedb.kv;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvCall;

/**
 * Answers values too large for one response: in chunks, as the client gives them back. The version
 * is pinned meanwhile, so that the pieces fit together whatever is written. A value that is not
 * durable yet is not sent before it is, because pieces can't be held back like an answer.
 *
 * <p>Between executions {@link KvCall#streamed} is what has been sent, and {@link
 * KvCall#resultNumber} the pin.
 */
@CoreOwned
final class KvStreams {
    private final PinnedVersions pinned;

    KvStreams(PinnedVersions pinned) {
        this.pinned = pinned;
    }

    /** Sends the first chunks of a value. */
    int start(KvTable table, KvCall call, ExecutionContext context, long version) {
        if (table.entries.stamp(version) < 0) {
            return Outcome.WAIT_FOR_CREDIT;
        }
        long pin = pinned.pin(table.collection, version, context.nowMillis());
        if (pin == 0) {
            return context.fail(
                    ErrorCode.RESOURCES_EXHAUSTED,
                    "too many large values are being read: limit=" + PinnedVersions.MAX);
        }
        call.resultNumber = pin;
        return send(table, call, context, version);
    }

    /** Sends further chunks of a value. */
    int resume(KvTable table, KvCall call, ExecutionContext context) {
        long version = pinned.renew(call.resultNumber, context.nowMillis());
        if (version == 0) {
            return context.fail(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "the client took no part of the value in time: limit_ms="
                            + PinnedVersions.LEASE_MILLIS);
        }
        return send(table, call, context, version);
    }

    private int send(KvTable table, KvCall call, ExecutionContext context, long version) {
        int length = table.entries.valueLength(version);
        while (call.streamed < length) {
            if (call.streamed > 0 && context.quantumOver()) {
                return Outcome.YIELD;
            }
            byte[] chunk = context.takeChunk();
            if (chunk == null) {
                if (call.streamed == 0) {
                    // Nothing was sent: the next execution starts anew.
                    pinned.unpin(call.resultNumber);
                    call.resultNumber = 0;
                }
                return Outcome.WAIT_FOR_CREDIT;
            }
            int part = (int) Math.min(chunk.length, length - call.streamed);
            table.entries.copyValue(version, (int) call.streamed, chunk, 0, part);
            call.streamed += part;
            context.sendChunk(part);
        }
        pinned.unpin(call.resultNumber);
        call.resultNumber = 0;
        call.resultLength = length;
        return Outcome.DONE;
    }
}
