package io.nodedb.data.core;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.commit.CommitPath;
import io.nodedb.data.commit.CommitResult;
import io.nodedb.data.commit.SectionedEffects;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.Call;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.commit.KeyWrite;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import org.jspecify.annotations.Nullable;

/**
 * Checks and decides the write set of a transaction, {@value #WRITES_PER_QUANTUM} keys per quantum.
 * A set that takes more than one quantum locks the keys that it has checked, so that what was
 * decided stays true until the last is.
 */
@CoreOwned
final class CommitExecutor {
    private static final int WRITES_PER_QUANTUM = 256;

    private final CoreContext context;
    private final Partitions partitions;
    private final CommitPath commits;
    private final Responder responder;
    private final LogView log;
    private final KvCall scratch = new KvCall();

    CommitExecutor(
            CoreContext context,
            Partitions partitions,
            CommitPath commits,
            Responder responder,
            LogView log) {
        this.context = context;
        this.partitions = partitions;
        this.commits = commits;
        this.responder = responder;
        this.log = log;
    }

    Disposition execute(Request<Call> request, CommitCall call, long quantumEndNanos) {
        context.begin(request, 0, quantumEndNanos);
        Progress progress = (Progress) call.progress;
        int from = progress == null ? 0 : progress.checked;
        int to = Math.min(call.writes.size(), from + WRITES_PER_QUANTUM);
        boolean several = call.writes.size() > WRITES_PER_QUANTUM;
        if (several && progress == null) {
            progress = new Progress();
            call.progress = progress;
        }
        SectionedEffects effects = progress == null ? context.sections() : progress.effects;
        for (int i = from; i < to; i++) {
            KeyWrite write = call.writes.get(i);
            Disposition refused = check(request, call, write);
            if (refused == null) {
                refused = decide(request, write, effects);
            }
            if (refused != null) {
                if (refused == Disposition.DONE || progress != null) {
                    release(call, i);
                }
                call.progress = null;
                return refused;
            }
            if (several) {
                commits.lock(write.collection(), write.key(), write.keyHash(), call.txnId);
            }
        }
        if (progress != null) {
            progress.checked = to;
            if (to < call.writes.size()) {
                return Disposition.YIELD;
            }
        }
        return log(request, call, effects, progress);
    }

    /** Null when the write may be made. */
    private @Nullable Disposition check(Request<Call> request, CommitCall call, KeyWrite write) {
        if (!partitions.known(write.collection())) {
            return responder.fail(
                    request,
                    ErrorCode.NOT_FOUND,
                    "there is no collection=" + write.collection(),
                    0);
        }
        EngineSlot slot =
                partitions.slot(write.partition(), partitions.engineOf(write.collection()));
        if (slot.recovering()) {
            return responder.fail(
                    request,
                    ErrorCode.COLLECTION_RECOVERING,
                    slot + " is being rebuilt",
                    Responder.RECOVERING_RETRY_MILLIS);
        }
        long holder =
                commits.lockHolder(
                        write.collection(), write.key(), write.key().length, write.keyHash());
        if (holder != 0 && holder != call.txnId) {
            // Waiting for another transaction's locks could close a circle over several cores;
            // first committer wins instead.
            return conflict(request, "another transaction is committing one of its keys");
        }
        if (call.snapshotLsn != 0) {
            long stamp =
                    slot.engine()
                            .newestStamp(
                                    write.collection(),
                                    write.key(),
                                    0,
                                    write.key().length,
                                    write.keyHash());
            if (stamp < 0 || stamp > call.snapshotLsn) {
                return conflict(request, "one of its keys was written after its snapshot");
            }
        }
        return null;
    }

    private Disposition conflict(Request<Call> request, String why) {
        return responder.fail(
                request, ErrorCode.CONFLICT, "the transaction can't commit: " + why, 0);
    }

    private @Nullable Disposition decide(
            Request<Call> request, KeyWrite write, SectionedEffects effects) {
        scratch.reset();
        scratch.collection = write.collection();
        scratch.setKey(write.key(), 0, write.key().length);
        byte[] value = write.value();
        if (value == null) {
            scratch.op = KvOp.DELETE;
        } else {
            scratch.op = KvOp.PUT;
            scratch.setValue(value, 0, value.length);
            scratch.expireAtMillis = write.expireAtMillis();
        }
        EngineSlot slot =
                partitions.slot(write.partition(), partitions.engineOf(write.collection()));
        context.collectInto(effects, write.partition());
        int outcome = slot.engine().execute(scratch, context);
        if (outcome == Outcome.DONE) {
            return null;
        }
        return responder.fail(request, ErrorCode.ofNumber(outcome), context.message(), 0);
    }

    private Disposition log(
            Request<Call> request,
            CommitCall call,
            SectionedEffects effects,
            @Nullable Progress progress) {
        if (call.prepareOnly) {
            if (progress != null) {
                release(call, call.writes.size());
            }
            int result =
                    commits.prepare(
                            call.txnId,
                            progress == null ? effects.detach() : effects,
                            request,
                            RequestExecutor.async(request));
            call.progress = null;
            return result == CommitResult.ACCEPTED ? Disposition.DONE : outOfMemory(request);
        }
        if (effects.lengthBytes() == 0) {
            if (progress != null) {
                release(call, call.writes.size());
            }
            call.progress = null;
            return responder.succeed(request, log.durableLsn());
        }
        int result =
                commits.commit(effects, request, request.source, RequestExecutor.async(request));
        if (result == CommitResult.WAIT) {
            return Disposition.WAIT_FOR_LOG;
        }
        if (progress != null) {
            release(call, call.writes.size());
            call.progress = null;
        }
        return result == CommitResult.ACCEPTED ? Disposition.DONE : outOfMemory(request);
    }

    private Disposition outOfMemory(Request<Call> request) {
        return responder.fail(
                request,
                ErrorCode.OUT_OF_MEMORY,
                "memory_limit leaves no room for the transaction's writes",
                1_000);
    }

    private void release(CommitCall call, int checked) {
        if (call.progress == null) {
            return;
        }
        for (int i = 0; i < checked; i++) {
            KeyWrite write = call.writes.get(i);
            commits.unlock(write.collection(), write.key(), write.keyHash());
        }
    }

    /** Gives up a write set that was being checked: its locks go. */
    void abandon(CommitCall call) {
        if (call.progress instanceof Progress progress) {
            release(call, progress.checked);
            call.progress = null;
        }
    }

    private static final class Progress {
        final SectionedEffects effects = new SectionedEffects();
        int checked;
    }
}
