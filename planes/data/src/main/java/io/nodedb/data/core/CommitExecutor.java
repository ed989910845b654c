package io.nodedb.data.core;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.commit.CommitPath;
import io.nodedb.data.commit.CommitResult;
import io.nodedb.data.commit.SectionedEffects;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.engine.Engine;
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
 * decided stays true until the last is. So does one for which a key has to be read from disk first:
 * what has been checked until then is checked again under locks, and from there on key by key.
 */
@CoreOwned
final class CommitExecutor {
    private static final int WRITES_PER_QUANTUM = 256;

    /** Answers a write set that needed no write. */
    interface Unwritten {
        Disposition answer(Request<Call> request, long dependsOn);
    }

    private final CoreContext context;
    private final Partitions partitions;
    private final CommitPath commits;
    private final Responder responder;
    private final Unwritten unwritten;
    private final KvCall scratch = new KvCall();

    CommitExecutor(
            CoreContext context,
            Partitions partitions,
            CommitPath commits,
            Responder responder,
            Unwritten unwritten) {
        this.context = context;
        this.partitions = partitions;
        this.commits = commits;
        this.responder = responder;
        this.unwritten = unwritten;
    }

    Disposition execute(
            Request<Call> request, CommitCall call, long nowNanos, long quantumEndNanos) {
        context.begin(request, 0, quantumEndNanos);
        int size = call.writes.size();
        Progress progress = (Progress) call.progress;
        if (progress == null) {
            if (holdsWrites(call, nowNanos)) {
                return Disposition.WAIT_FOR_FILES;
            }
            if (size > WRITES_PER_QUANTUM) {
                progress = progressOf(call);
            }
        }
        Disposition outcome = checkAndDecide(request, call, progress);
        if (outcome == Disposition.READING && progress == null) {
            // Others run meanwhile.
            context.begin(request, 0, quantumEndNanos);
            outcome = checkAndDecide(request, call, progressOf(call));
        }
        return outcome;
    }

    private Progress progressOf(CommitCall call) {
        Progress progress = new Progress(call.txnId != 0 ? call.txnId : commits.newTransactionId());
        call.progress = progress;
        return progress;
    }

    /** Must the set wait before it begins, because an engine's files lag behind? */
    private boolean holdsWrites(CommitCall call, long nowNanos) {
        KeyWrite before = null;
        for (int i = 0; i < call.writes.size(); i++) {
            KeyWrite write = call.writes.get(i);
            // Sorted: most are of the same engine as the one before.
            if (before != null
                    && before.partition() == write.partition()
                    && before.collection() == write.collection()) {
                continue;
            }
            before = write;
            EngineSlot slot = find(write);
            if (slot != null && !slot.recovering() && slot.holdsWrites(nowNanos)) {
                return true;
            }
        }
        return false;
    }

    private @Nullable EngineSlot find(KeyWrite write) {
        return partitions.known(write.collection())
                ? partitions.find(write.partition(), partitions.engineOf(write.collection()))
                : null;
    }

    private Disposition checkAndDecide(
            Request<Call> request, CommitCall call, @Nullable Progress progress) {
        int size = call.writes.size();
        SectionedEffects effects = progress == null ? context.sections() : progress.effects;
        int from = progress == null ? 0 : progress.checked;
        int to = Math.min(size, from + WRITES_PER_QUANTUM);
        long txnId = progress == null ? call.txnId : progress.txnId;
        for (int i = from; i < to; i++) {
            KeyWrite write = call.writes.get(i);
            Disposition refused = check(request, call, write, txnId);
            if (refused == null) {
                refused = decide(request, write, effects);
            }
            if (refused == Disposition.READING) {
                return refused;
            }
            if (refused != null) {
                abandon(call);
                return refused;
            }
            context.clearBlocks();
            if (progress != null) {
                commits.lock(write.collection(), write.key(), write.keyHash(), txnId);
                progress.checked = i + 1;
            }
        }
        if (to < size) {
            return Disposition.YIELD;
        }
        return log(request, call, effects, progress);
    }

    /** Null when the write may be made; {@code READING} when that has to be read first. */
    private @Nullable Disposition check(
            Request<Call> request, CommitCall call, KeyWrite write, long txnId) {
        EngineSlot slot = find(write);
        if (slot == null) {
            return responder.fail(
                    request,
                    ErrorCode.NOT_FOUND,
                    "there is no collection="
                            + write.collection()
                            + " in partition="
                            + write.partition(),
                    0);
        }
        if (slot.recovering()) {
            return RequestExecutor.recovering(responder, request, slot);
        }
        if (isOutdated(write)) {
            return outdated(request, write);
        }
        long holder =
                commits.lockHolder(
                        write.collection(), write.key(), write.key().length, write.keyHash());
        if (holder != 0 && holder != txnId) {
            // Waiting for another transaction's locks could close a circle over several cores;
            // first committer wins instead.
            return conflict(request, "another transaction is committing one of its keys");
        }
        if (call.snapshotLsn != 0) {
            long stamp;
            try {
                stamp = newestStamp(slot, write);
            } catch (NodeDbException failed) {
                return responder.fail(
                        request, failed.code(), String.valueOf(failed.getMessage()), 0);
            }
            if (stamp == Engine.READ_FIRST) {
                return Disposition.READING;
            }
            if (stamp < 0 || stamp > call.snapshotLsn) {
                return conflict(request, "one of its keys was written after its snapshot");
            }
        }
        return null;
    }

    private long newestStamp(EngineSlot slot, KeyWrite write) {
        return slot.engine()
                .newestStamp(
                        write.collection(),
                        write.key(),
                        0,
                        write.key().length,
                        write.keyHash(),
                        context);
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
        if (outcome == Outcome.WAIT_FOR_READ) {
            return Disposition.READING;
        }
        return responder.fail(request, ErrorCode.ofNumber(outcome), context.message(), 0);
    }

    /** Was the row made by another definition than the core knows? */
    private boolean isOutdated(KeyWrite write) {
        return write.value() != null
                && write.definition() != partitions.definitionOf(write.collection());
    }

    private Disposition outdated(Request<Call> request, KeyWrite write) {
        return responder.fail(
                request,
                ErrorCode.DEFINITION_CHANGED,
                "the transaction can't commit: a row was made by another definition of its"
                        + " collection="
                        + write.collection(),
                0);
    }

    private Disposition log(
            Request<Call> request,
            CommitCall call,
            SectionedEffects effects,
            @Nullable Progress progress) {
        if (progress != null) {
            // A definition may have changed between two quanta.
            for (KeyWrite write : call.writes) {
                if (isOutdated(write)) {
                    abandon(call);
                    return outdated(request, write);
                }
            }
        }
        boolean async = RequestExecutor.async(request);
        if (call.prepareOnly) {
            abandon(call);
            SectionedEffects own = progress == null ? effects.detach() : effects;
            return outcome(request, commits.prepare(call.txnId, own, request, async));
        }
        if (effects.lengthBytes() == 0) {
            abandon(call);
            return unwritten.answer(request, context.dependsOn());
        }
        int result = commits.commit(effects, request, request.source, async);
        if (result == CommitResult.WAIT) {
            return Disposition.WAIT_FOR_LOG;
        }
        abandon(call);
        return outcome(request, result);
    }

    private Disposition outcome(Request<Call> request, int result) {
        if (result == CommitResult.ACCEPTED) {
            return Disposition.DONE;
        }
        if (result == CommitResult.DECIDED_LATER) {
            return Disposition.DECIDED_LATER;
        }
        ErrorCode code = ErrorCode.ofNumber(result);
        return responder.fail(
                request,
                code,
                switch (code) {
                    case OUT_OF_MEMORY ->
                            "memory_limit leaves no room for the transaction's writes";
                    case RESOURCES_EXHAUSTED -> commits.budgetRefusal();
                    default -> "the transaction was not made";
                },
                code.retry() == ErrorCode.Retry.LATER ? Responder.RECOVERING_RETRY_MILLIS : 0);
    }

    /** Ends the checking of a write set: its locks go. */
    void abandon(CommitCall call) {
        if (call.progress instanceof Progress progress) {
            call.progress = null;
            for (int i = 0; i < progress.checked; i++) {
                KeyWrite write = call.writes.get(i);
                // A large write that was accepted holds its keys under an id of its own.
                commits.unlock(write.collection(), write.key(), write.keyHash(), progress.txnId);
            }
        }
    }

    private static final class Progress {
        final long txnId;
        final SectionedEffects effects = new SectionedEffects();

        /** Writes that are decided and whose keys are locked. */
        int checked;

        Progress(long txnId) {
            this.txnId = txnId;
        }
    }
}
