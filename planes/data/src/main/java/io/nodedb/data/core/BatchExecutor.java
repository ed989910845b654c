package io.nodedb.data.core;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.commit.CommitPath;
import io.nodedb.data.commit.CommitResult;
import io.nodedb.data.commit.OpenBatch;
import io.nodedb.data.commit.OpenBatches;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.engine.Engine;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandBatchCall;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.PlacedCommand;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.plan.kv.command.WatchCall;
import io.nodedb.plan.kv.command.WatchedKey;
import org.jspecify.annotations.Nullable;

/**
 * Executes batches of commands and looks at the keys that they watch.
 *
 * <p>A batch begins when none of its keys is held, and checks its watches then. Each command is
 * executed, reserved and applied before the next. A batch that outlasts a quantum, or waits for
 * room in the log, locks all its keys first, so that nobody sees or changes what is half done; it
 * waits for nobody's locks itself from then on. Whatever ends it before it is logged takes
 * everything back.
 */
@CoreOwned
final class BatchExecutor {

    /** What Redis's clients know. */
    private static final String OUT_OF_MEMORY =
            "OOM command not allowed when used memory > 'maxmemory'.";

    private final CoreContext context;
    private final Partitions partitions;
    private final CommitPath commits;
    private final OpenBatches batches;
    private final KeyWaits keyWaits;
    private final Responder responder;
    private final CommitExecutor.Unwritten unwritten;
    private final CommandCall exists = new CommandCall();

    BatchExecutor(
            CoreContext context,
            Partitions partitions,
            CommitPath commits,
            KeyWaits keyWaits,
            Responder responder,
            CommitExecutor.Unwritten unwritten) {
        this.context = context;
        this.partitions = partitions;
        this.commits = commits;
        this.batches = commits.openBatches();
        this.keyWaits = keyWaits;
        this.responder = responder;
        this.unwritten = unwritten;
    }

    /** As {@link WatchCall} says. */
    Disposition watch(Request<Call> request, WatchCall call, long readLsn, long quantumEndNanos) {
        Disposition refused = refusal(request, request.partition, call.collection);
        if (refused != null) {
            return refused;
        }
        // Not only of those that hide something: a commit that was decided and has not come back
        // could be older than what the answer waits for.
        if (commits.locked(call.collection, call.key, 0, call.key.length, call.keyHash)) {
            return Disposition.WAIT_FOR_LOCK;
        }
        context.begin(request, readLsn, quantumEndNanos);
        long stamp = newestStamp(request.partition, call.collection, call.key, call.keyHash);
        if (stamp < 0) {
            context.dependsOn(-stamp);
        }
        call.present = exists(request.partition, call.collection, call.key);
        call.expired =
                engine(request.partition, call.collection)
                        .newestHasExpired(
                                call.collection,
                                call.key,
                                0,
                                call.key.length,
                                call.keyHash,
                                context.nowMillis());
        request.watermarkLsn = Math.max(0, stamp);
        return unwritten.answer(request, context.dependsOn());
    }

    Disposition execute(
            Request<Call> request, CommandBatchCall call, long readLsn, long quantumEndNanos) {
        context.begin(request, readLsn, quantumEndNanos);
        Progress progress = (Progress) call.progress;
        if (progress == null) {
            Disposition refused = refusal(request, call);
            if (refused != null) {
                return refused;
            }
            if (keyWaits.mustWait(call)) {
                return Disposition.WAIT_FOR_LOCK;
            }
            call.resetAnswer();
            if (!watchesHold(call)) {
                call.watchChanged = true;
                return unwritten.answer(request, context.dependsOn());
            }
            progress = new Progress(batches.open(call.prepareOnly ? call.txnId : 0));
            call.progress = progress;
        }
        context.executeIn(progress.batch);
        int size = call.commands.size();
        while (progress.next < size) {
            int outcome = run(call.commands.get(progress.next), progress);
            if (context.sawUndecided()) {
                // It read more than its keys (by a pattern). Waiting with locks could close a
                // circle, so the batch begins anew.
                abandon(call);
                return Disposition.WAIT_FOR_LOCK;
            }
            switch (outcome) {
                case Outcome.DONE -> {
                    if (!call.commands.get(progress.next).call().isAsExpected()) {
                        long tells = context.dependsOn();
                        abandon(call);
                        call.watchChanged = true;
                        return unwritten.answer(request, tells);
                    }
                    progress.next++;
                }
                case Outcome.YIELD -> {
                    return pause(call, progress, Disposition.YIELD);
                }
                case Outcome.WAIT_FOR_READ -> {
                    return pause(call, progress, Disposition.READING);
                }
                case Outcome.WAIT_FOR_CREDIT -> {
                    return fail(
                            request,
                            call,
                            ErrorCode.UNSUPPORTED,
                            "a command of a batch is answered only in parts");
                }
                default -> {
                    return fail(request, call, ErrorCode.ofNumber(outcome), context.message());
                }
            }
            if (progress.next < size && context.quantumOver()) {
                return pause(call, progress, Disposition.YIELD);
            }
        }
        return log(request, call, progress);
    }

    /** Executes and applies one command. */
    private int run(PlacedCommand placed, Progress progress) {
        CommandCall command = placed.call();
        int partition = placed.partition();
        OpenBatch batch = progress.batch;
        EngineSlot slot = find(partition, command.collection);
        if (slot == null) {
            return context.fail(
                    ErrorCode.NOT_FOUND, "there is no collection=" + command.collection);
        }
        if (slot.recovering()) {
            return context.fail(ErrorCode.COLLECTION_RECOVERING, slot + " is being rebuilt");
        }
        context.collectInto(batch.effects, partition);
        long mark = batch.effects.mark(partition);
        int outcome = slot.engine().execute(command, context);
        if (outcome != Outcome.DONE || command.reply.isError()) {
            batch.effects.rollback(partition, mark);
        } else {
            outcome = apply(command, partition, mark, batch);
        }
        progress.replyBytes += command.reply.length();
        return outcome == Outcome.DONE && progress.replyBytes > Reply.MAX_BYTES
                ? context.fail(
                        ErrorCode.FAN_OUT_EXCEEDED,
                        "the batch's replies are too large: limit_bytes=" + Reply.MAX_BYTES)
                : outcome;
    }

    private int apply(CommandCall command, int partition, long mark, OpenBatch batch) {
        int refused = batches.apply(batch, partition, mark);
        if (refused == CommitResult.ACCEPTED) {
            return Outcome.DONE;
        }
        if (refused == ErrorCode.OUT_OF_MEMORY.number() && command.expected == null) {
            command.resetAnswer();
            command.reply.error(OUT_OF_MEMORY);
            return Outcome.DONE;
        }
        if (refused == ErrorCode.RESOURCES_EXHAUSTED.number()) {
            command.resetAnswer();
            command.reply.error(
                    ErrorCode.RESOURCES_EXHAUSTED.respPrefix() + " " + commits.budgetRefusal());
            return Outcome.DONE;
        }
        return context.fail(ErrorCode.ofNumber(refused), "the batch was not made");
    }

    private Disposition log(Request<Call> request, CommandBatchCall call, Progress progress) {
        OpenBatch batch = progress.batch;
        if (!batches.intact(batch)) {
            return fail(
                    request,
                    call,
                    ErrorCode.COLLECTION_RECOVERING,
                    "an engine that the batch has written to is being rebuilt");
        }
        boolean async = RequestExecutor.async(request);
        batch.effects.dropEmpty();
        int result;
        if (call.prepareOnly) {
            lock(call, progress);
            call.written = batch.effects.partitions();
            result = commits.prepare(batch, request, async);
        } else if (batch.effects.count() == 0) {
            abandon(call);
            return unwritten.answer(request, context.dependsOn());
        } else {
            if (commits.needsDecision(batch.effects)) {
                lock(call, progress);
            }
            result = commits.commit(batch, request, async);
        }
        return switch (result) {
            case CommitResult.ACCEPTED -> {
                call.progress = null;
                yield Disposition.DONE;
            }
            case CommitResult.DECIDED_LATER -> {
                call.progress = null;
                yield Disposition.DECIDED_LATER;
            }
            case CommitResult.WAIT -> pause(call, progress, Disposition.WAIT_FOR_LOG);
            default -> fail(request, call, ErrorCode.ofNumber(result), "the batch was not made");
        };
    }

    /** Others run now: they must not meet what is half done. */
    private Disposition pause(CommandBatchCall call, Progress progress, Disposition disposition) {
        lock(call, progress);
        return disposition;
    }

    private void lock(CommandBatchCall call, Progress progress) {
        if (!progress.locked) {
            progress.locked = true;
            KeyWaits.eachKey(
                    call,
                    (collection, bytes, from, length) ->
                            batches.lock(progress.batch, collection, bytes, from, length));
        }
    }

    /** Takes back what an unfinished batch has done. */
    void abandon(CommandBatchCall call) {
        if (call.progress instanceof Progress progress) {
            call.progress = null;
            batches.undo(progress.batch);
        }
    }

    private Disposition fail(
            Request<Call> request, CommandBatchCall call, ErrorCode code, String message) {
        abandon(call);
        return responder.fail(
                request,
                code,
                message,
                code.retry() == ErrorCode.Retry.LATER ? Responder.RECOVERING_RETRY_MILLIS : 0);
    }

    private boolean watchesHold(CommandBatchCall call) {
        for (WatchedKey watched : call.watches) {
            long stamp =
                    newestStamp(
                            watched.partition(),
                            watched.collection(),
                            watched.key(),
                            watched.keyHash());
            if (stamp < 0) {
                context.dependsOn(-stamp);
            }
            // A deletion is forgotten some time after it, and an expired key is still a version.
            boolean absent = !exists(watched.partition(), watched.collection(), watched.key());
            boolean newer = stamp < 0 || stamp > watched.lsn();
            if (watched.expired() ? !absent : newer || (watched.present() && absent)) {
                return false;
            }
        }
        return true;
    }

    private long newestStamp(int partition, int collection, byte[] key, long keyHash) {
        return engine(partition, collection).newestStamp(collection, key, 0, key.length, keyHash);
    }

    private Engine engine(int partition, int collection) {
        return partitions.slot(partition, partitions.engineOf(collection)).engine();
    }

    private boolean exists(int partition, int collection, byte[] key) {
        exists.reset();
        exists.command = Command.EXISTS;
        exists.collection = collection;
        exists.arguments.add(key);
        int outcome = engine(partition, collection).execute(exists, context);
        // An integer, little-endian: how many of the one key are there.
        return outcome == Outcome.DONE && exists.reply.length() > 1 && exists.reply.bytes()[1] == 1;
    }

    private @Nullable Disposition refusal(Request<Call> request, CommandBatchCall call) {
        for (PlacedCommand placed : call.commands) {
            Disposition refused = refusal(request, placed.partition(), placed.call().collection);
            if (refused != null) {
                return refused;
            }
        }
        for (WatchedKey watched : call.watches) {
            Disposition refused = refusal(request, watched.partition(), watched.collection());
            if (refused != null) {
                return refused;
            }
        }
        return null;
    }

    /** Null when the engine serves. */
    private @Nullable Disposition refusal(Request<Call> request, int partition, int collection) {
        EngineSlot slot = find(partition, collection);
        if (slot == null) {
            return responder.fail(
                    request,
                    ErrorCode.NOT_FOUND,
                    "there is no collection=" + collection + " in partition=" + partition,
                    0);
        }
        return slot.recovering() ? RequestExecutor.recovering(responder, request, slot) : null;
    }

    private @Nullable EngineSlot find(int partition, int collection) {
        return partitions.known(collection)
                ? partitions.find(partition, partitions.engineOf(collection))
                : null;
    }

    private static final class Progress {
        final OpenBatch batch;

        /** The command to be executed next. */
        int next;

        boolean locked;
        long replyBytes;

        Progress(OpenBatch batch) {
            this.batch = batch;
        }
    }
}
