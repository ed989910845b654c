package io.nodedb.data.core;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.PressureLevel;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Durability;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.commit.CommitBarrier;
import io.nodedb.data.commit.CommitPath;
import io.nodedb.data.commit.CommitResult;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.Call;
import io.nodedb.plan.commit.CollectionCall;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.plan.document.RangeScanCall;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.plan.kv.KvScanCall;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandBatchCall;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.WaitEndCall;
import io.nodedb.plan.kv.command.WaitTicket;
import io.nodedb.plan.kv.command.WatchCall;
import io.nodedb.storage.snapshot.SnapshotRegistry;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Executes requests, a quantum at a time: refuses what may not run, lets the engine read or decide,
 * and gives decided writes to the commit path. Expected errors become answers here; unexpected ones
 * leave as exceptions and are the loop's.
 */
@CoreOwned
final class RequestExecutor {
    private final CoreSettings settings;
    private final CoreContext context;
    private final Partitions partitions;
    private final CommitPath commits;
    private final LogView log;
    private final SnapshotRegistry snapshots;
    private final MemoryGovernor governor;
    private final Responder responder;
    private final IdempotencyCheck idempotency;
    private final CommitExecutor transactions;
    private final KeyWaits keyWaits;
    private final BatchExecutor batches;
    private final WaitingClients waiting;
    private long stampedLsn;

    RequestExecutor(
            CoreSettings settings,
            CoreContext context,
            Partitions partitions,
            CommitPath commits,
            LogView log,
            SnapshotRegistry snapshots,
            MemoryGovernor governor,
            Responder responder,
            WaitingClients waiting) {
        this.settings = settings;
        this.context = context;
        this.partitions = partitions;
        this.commits = commits;
        this.log = log;
        this.snapshots = snapshots;
        this.governor = governor;
        this.responder = responder;
        this.waiting = waiting;
        this.idempotency = new IdempotencyCheck(partitions, context, settings);
        this.transactions =
                new CommitExecutor(context, partitions, commits, responder, this::answerOrHold);
        this.keyWaits = new KeyWaits(commits);
        this.batches =
                new BatchExecutor(
                        context, partitions, commits, keyWaits, responder, this::answerOrHold);
    }

    /**
     * Runs one quantum. {@code writesMayRun} is false while the log has no room or memory makes
     * writes wait.
     */
    Disposition execute(Request<Call> request, long nowNanos, boolean writesMayRun) {
        Call call = request.payload;
        if (call instanceof CollectionCall collection) {
            return describe(request, collection);
        }
        if (call instanceof WaitEndCall end) {
            waiting.end(Objects.requireNonNull(end.ticket), request.partition);
            return responder.succeed(request, stampedLsn);
        }
        if (call.writes()) {
            ErrorCode refusal = writeRefusal(call);
            if (refusal != null) {
                abandon(request);
                return responder.refuse(
                        request, refusal, refusalMessage(refusal), refusalRetryMillis(refusal));
            }
            if (!writesMayRun) {
                return Disposition.WAIT_FOR_LOG;
            }
        }
        Disposition disposition = Disposition.DONE;
        try {
            disposition = run(request, call, nowNanos);
            return disposition;
        } finally {
            context.end();
            if (disposition != Disposition.READING) {
                context.releaseBlocks(request);
            }
        }
    }

    private Disposition run(Request<Call> request, Call call, long nowNanos) {
        if (call instanceof CommitCall commit) {
            return transactions.execute(request, commit, nowNanos, nowNanos + settings.quantum());
        }
        long newest = commits.failed() ? stampedLsn : 0;
        if (call instanceof CommandBatchCall batch) {
            return batches.execute(request, batch, newest, nowNanos + settings.quantum());
        }
        if (call instanceof WatchCall watch) {
            return batches.watch(request, watch, newest, nowNanos + settings.quantum());
        }
        return executeOnEngine(request, call, nowNanos);
    }

    /** Every commit up to here has been taken from the acknowledgement ring. */
    void stamped(long lsn) {
        stampedLsn = lsn;
    }

    private Disposition describe(Request<Call> request, CollectionCall call) {
        if (call.action == CollectionCall.Action.OPEN) {
            return open(request, call);
        } else {
            partitions.dropCollection(call.collection);
            waiting.dropped(call.collection);
        }
        return responder.succeed(request, stampedLsn);
    }

    /**
     * From the first try on, rows that were made by another definition are refused. What was let
     * through before has an end, in the log or without one, when the barrier is passed.
     */
    private Disposition open(Request<Call> request, CollectionCall call) {
        CommitBarrier before = (CommitBarrier) call.progress;
        if (before == null) {
            boolean changes =
                    partitions.known(call.collection)
                            && partitions.definitionOf(call.collection) != call.definition;
            partitions.openCollection(
                    call.collection,
                    call.engine,
                    new CollectionOptions(call.feed, call.tenant, call.definition));
            if (!changes) {
                return responder.succeed(request, stampedLsn);
            }
            before = commits.barrier();
            call.progress = before;
        }
        return before.passed(stampedLsn) || commits.failed()
                ? responder.succeed(request, stampedLsn)
                : Disposition.WAIT_FOR_DURABLE;
    }

    /** Was the row that this call puts made by another definition than the core knows? */
    private boolean isOutdated(Call call) {
        return call instanceof KvCall kv
                && kv.op.putsRow()
                && kv.definition != partitions.definitionOf(kv.collection);
    }

    private Disposition executeOnEngine(Request<Call> request, Call call, long nowNanos) {
        int collection = call.collection();
        EngineSlot slot =
                partitions.known(collection)
                        ? partitions.find(request.partition, partitions.engineOf(collection))
                        : null;
        if (slot == null) {
            return responder.fail(
                    request,
                    ErrorCode.NOT_FOUND,
                    "there is no collection=" + collection + " in partition=" + request.partition,
                    0);
        }
        if (slot.recovering()) {
            return recovering(responder, request, slot);
        }
        if (call.writes() && slot.holdsWrites(nowNanos)) {
            return Disposition.WAIT_FOR_FILES;
        }
        long readLsn = request.readLsn;
        if (keyWaits.mustWait(call, readLsn)) {
            return Disposition.WAIT_FOR_LOCK;
        }
        if (readLsn != 0) {
            if (request.snapshotSlot >= 0 && !snapshots.isValid(request.snapshotSlot, readLsn)) {
                return responder.fail(
                        request, ErrorCode.SNAPSHOT_TOO_OLD, "the snapshot has expired", 0);
            }
            // Not the log's own durable LSN: commits up to that may still be in the ring.
            if (stampedLsn < readLsn) {
                return Disposition.WAIT_FOR_DURABLE;
            }
        } else if (commits.failed()) {
            readLsn = stampedLsn;
        }
        context.begin(request, readLsn, nowNanos + settings.quantum());
        context.usePartition(request.partition);
        boolean idempotent =
                request.idempotencyLength > 0 && call instanceof KvCall && call.writes();
        if (idempotent) {
            int known = idempotency.look(request, (KvCall) call, slot);
            if (known != IdempotencyCheck.NEW) {
                return known == IdempotencyCheck.KNOWN
                        ? answerOrHold(request, context.dependsOn())
                        : error(request, known);
            }
        }
        if (isOutdated(call)) {
            return error(
                    request,
                    context.fail(
                            ErrorCode.DEFINITION_CHANGED,
                            "the row was made by another definition of its collection="
                                    + collection));
        }
        int outcome = slot.engine().execute(call, context);
        if (context.sawUndecided()) {
            resetAnswer(call);
            return Disposition.WAIT_FOR_LOCK;
        }
        return switch (outcome) {
            case Outcome.DONE -> {
                if (idempotent) {
                    // Also when nothing was written: the first outcome is "not applied".
                    int remembered = idempotency.remember(request, (KvCall) call, slot);
                    if (remembered != Outcome.DONE) {
                        yield error(request, remembered);
                    }
                }
                if (call instanceof CommandCall command && command.ticket != null) {
                    yield answerOrWait(request, command, command.ticket, nowNanos);
                }
                if (context.sections().count() == 0 || context.sections().lengthBytes() == 0) {
                    yield answerOrHold(request, context.dependsOn());
                }
                yield commit(request, call);
            }
            case Outcome.YIELD -> Disposition.YIELD;
            case Outcome.WAIT_FOR_CREDIT ->
                    commits.pending(context.dependsOn())
                            ? Disposition.WAIT_FOR_BATCH
                            : Disposition.WAIT_FOR_CREDIT;
            case Outcome.WAIT_FOR_READ -> Disposition.READING;
            default -> error(request, outcome);
        };
    }

    /** As what the command has found says; exactly one core answers it. */
    private Disposition answerOrWait(
            Request<Call> request, CommandCall call, WaitTicket ticket, long nowNanos) {
        // A client that has waited is not told that the key holds something else now.
        boolean nothing =
                call.reply.isNothing()
                        || (call.onlyKey != CommandCall.ALL_KEYS
                                && !call.writes()
                                && call.reply.isError());
        if ((nothing || waiting.comesAfterOthers(call, ticket, request.partition))
                && ticket.isOpen()) {
            waiting.park(request, call, ticket, nowNanos);
            return Disposition.PARKED;
        }
        if (nothing || !call.takeTicket()) {
            resetAnswer(call);
            call.reply.nil();
            waiting.gone(ticket, request.partition);
            return responder.succeed(request, stampedLsn);
        }
        Disposition disposition =
                context.sections().count() == 0 || context.sections().lengthBytes() == 0
                        ? answerOrHold(request, context.dependsOn())
                        : commit(request, call);
        if (disposition == Disposition.WAIT_FOR_LOG) {
            call.putTicketBack();
        } else {
            waiting.answered(call, ticket, request.partition);
        }
        return disposition;
    }

    private Disposition commit(Request<Call> request, Call call) {
        int result = commits.commit(context.sections(), request, request.source, async(request));
        if (result == CommitResult.ACCEPTED) {
            return Disposition.DONE;
        }
        if (result == CommitResult.DECIDED_LATER) {
            return Disposition.DECIDED_LATER;
        }
        resetAnswer(call);
        if (result == CommitResult.WAIT) {
            return Disposition.WAIT_FOR_LOG;
        }
        ErrorCode code = ErrorCode.ofNumber(result);
        return responder.fail(request, code, refusalMessage(code), refusalRetryMillis(code));
    }

    /** The request's durability, resolved by the Control Plane; unset means the safe one. */
    static boolean async(Request<Call> request) {
        return request.durability == Durability.ASYNC;
    }

    /** Sends the answer, or holds it until the batch that it tells of is durable. */
    Disposition answerOrHold(Request<Call> request, long dependsOn) {
        if (commits.pending(dependsOn)) {
            commits.hold(dependsOn, request);
            return Disposition.DONE;
        }
        return responder.succeed(request, request.readLsn != 0 ? request.readLsn : stampedLsn);
    }

    /** An expected error is an answer too: it waits for what it tells. */
    private Disposition error(Request<Call> request, int number) {
        long sequence = context.dependsOn();
        if (commits.pending(sequence)) {
            request.errorCode = number;
            request.message = context.message();
            commits.hold(sequence, request);
            return Disposition.DONE;
        }
        return responder.fail(request, ErrorCode.ofNumber(number), context.message(), 0);
    }

    /** Refuses what touches an engine that does not serve. */
    static Disposition recovering(Responder responder, Request<Call> request, EngineSlot slot) {
        if (slot.lost()) {
            return responder.refuse(
                    request, ErrorCode.QUARANTINED, slot + " has no whole checkpoint", 0);
        }
        return responder.refuse(
                request,
                ErrorCode.COLLECTION_RECOVERING,
                slot + " is being rebuilt",
                Responder.RECOVERING_RETRY_MILLIS);
    }

    private @Nullable ErrorCode writeRefusal(Call call) {
        if (commits.failed() || log.failed()) {
            return ErrorCode.STORAGE_FAILED;
        }
        if (log.refusing()) {
            return ErrorCode.DISK_FULL;
        }
        if (governor.pressure() == PressureLevel.EMERGENCY && !frees(call)) {
            return ErrorCode.OUT_OF_MEMORY;
        }
        return null;
    }

    private static boolean frees(Call call) {
        if (call instanceof CommitCall commit) {
            return commit.onlyDeletes();
        }
        if (call instanceof CommandBatchCall batch) {
            return batch.commands.stream().allMatch(placed -> frees(placed.call()));
        }
        if (call instanceof CommandCall command) {
            return !command.writes()
                    || command.command == Command.DEL
                    || command.command == Command.UNLINK;
        }
        return call instanceof KvCall kv
                && (kv.op == KvOp.DELETE
                        || kv.op == KvOp.GET_AND_DELETE
                        || kv.op == KvOp.COMPARE_AND_DELETE
                        || kv.op == KvOp.EXPIRE);
    }

    private String refusalMessage(ErrorCode code) {
        return switch (code) {
            case STORAGE_FAILED -> "the log has failed and writes are refused: " + log.failure();
            case DISK_FULL -> "the disk has no room for the log";
            case OUT_OF_MEMORY -> governor.shortage();
            case RESOURCES_EXHAUSTED -> commits.budgetRefusal();
            case COLLECTION_RECOVERING -> "part of the collection is being rebuilt";
            case NOT_FOUND -> "the collection was dropped meanwhile";
            default -> "the write was not made";
        };
    }

    private static long refusalRetryMillis(ErrorCode code) {
        return switch (code) {
            case DISK_FULL, OUT_OF_MEMORY, RESOURCES_EXHAUSTED -> 1_000;
            case COLLECTION_RECOVERING -> Responder.RECOVERING_RETRY_MILLIS;
            default -> 0;
        };
    }

    /**
     * The request will not be executed further: what a write set has locked is free again, and so
     * is the place of a client that waited.
     */
    void abandon(Request<Call> request) {
        context.releaseBlocks(request);
        waiting.abandoned(request);
        if (request.payload instanceof CommitCall commit) {
            transactions.abandon(commit);
        } else if (request.payload instanceof CommandBatchCall batch) {
            batches.abandon(batch);
        }
    }

    /** The request will be executed anew, from its beginning. */
    void forgetAnswer(Request<Call> request) {
        if (request.payload instanceof CommandCall command) {
            // What its client was to be told of is gone: it may wait on.
            command.putTicketBack();
        }
        request.errorCode = Request.NO_ERROR;
        request.message = null;
        request.dependsOn = 0;
        resetAnswer(request.payload);
    }

    private static void resetAnswer(Call call) {
        switch (call) {
            case KvCall kv -> kv.resetAnswer();
            case KvScanCall scan -> scan.resetAnswer();
            case RangeScanCall scan -> scan.resetAnswer();
            case CommandCall command -> command.resetAnswer();
            case CommandBatchCall batch -> batch.resetAnswer();
            default -> {}
        }
    }
}
