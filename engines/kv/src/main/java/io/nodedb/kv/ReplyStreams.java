package io.nodedb.kv;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;

/**
 * Answers a part of a string as one bulk string: in the reply's buffer, or, when it is large, in
 * chunks, as the client gives them back. For that the version is pinned, so that the pieces fit
 * together whatever is written meanwhile. What is not durable yet is not sent before it is, because
 * pieces can't be held back like an answer. A command of a batch always answers in the buffer.
 *
 * <p>Between executions {@link CommandCall#streamed} is what has been sent of the bulk string, its
 * head included, and {@link CommandCall#pin} the pin. The range is the caller's to tell again: it
 * follows from the arguments and the pinned version.
 */
@CoreOwned
final class ReplyStreams {
    private final PinnedVersions pinned;

    ReplyStreams(PinnedVersions pinned) {
        this.pinned = pinned;
    }

    /** Is a call in the middle of its answer? */
    static boolean isUnderWay(CommandCall call) {
        return call.streamed > 0;
    }

    /** The version whose answer is under way; 0 when the client took too long. */
    long version(CommandCall call, ExecutionContext context) {
        return pinned.renew(call.pin, context.nowMillis());
    }

    /** Why {@link #version} gave 0. */
    static int tooSlow(ExecutionContext context) {
        return context.fail(
                ErrorCode.DEADLINE_EXCEEDED,
                "the client took no part of the value in time: limit_ms="
                        + PinnedVersions.LEASE_MILLIS);
    }

    /** Answers, or goes on answering, {@code length} bytes of a version's value. */
    int bulk(CommandRun run, long version, int from, int length) {
        if (length <= KvCall.INLINE_RESULT_BYTES || !run.context.inParts()) {
            int at = run.reply.claimBulk(length);
            run.entries().copyValue(version, from, run.reply.bytes(), at, length);
            return Outcome.DONE;
        }
        CommandCall call = run.call;
        if (!isUnderWay(call)) {
            if (run.entries().stamp(version) < 0) {
                return Outcome.WAIT_FOR_CREDIT;
            }
            call.pin = pinned.pin(run.table.collection, version, run.nowMillis());
            if (call.pin == 0) {
                return run.context.fail(
                        ErrorCode.RESOURCES_EXHAUSTED,
                        "too many large values are being read: limit=" + PinnedVersions.MAX);
            }
        }
        return send(run, version, from, length);
    }

    private int send(CommandRun run, long version, int from, int length) {
        CommandCall call = run.call;
        long end = (long) Reply.HEAD_BYTES + length;
        while (call.streamed < end) {
            if (call.streamed > 0 && run.context.quantumOver()) {
                return Outcome.YIELD;
            }
            byte[] chunk = run.context.takeChunk();
            if (chunk == null) {
                if (call.streamed == 0) {
                    // Nothing was sent: the next execution starts anew.
                    unpin(call);
                }
                return Outcome.WAIT_FOR_CREDIT;
            }
            int head = 0;
            if (call.streamed == 0) {
                Reply.putBulkHead(chunk, 0, length);
                head = Reply.HEAD_BYTES;
            }
            int sent = (int) (call.streamed + head - Reply.HEAD_BYTES);
            int part = Math.min(chunk.length - head, length - sent);
            run.entries().copyValue(version, from + sent, chunk, head, part);
            call.streamed += head + part;
            run.context.sendChunk(head + part);
        }
        unpin(call);
        return Outcome.DONE;
    }

    private void unpin(CommandCall call) {
        pinned.unpin(call.pin);
        call.pin = 0;
    }
}
