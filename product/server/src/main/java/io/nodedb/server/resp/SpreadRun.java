package io.nodedb.server.resp;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.transaction.BatchOutcome;
import io.nodedb.control.transaction.CommandBatch;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.WatchedKey;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries out a {@link SpreadPlan}: reads by batches, computes, and writes by one batch, which is
 * made only if what was watched, and what commands expect, still holds; otherwise all of it begins
 * anew with a new plan. Plans that write the same keys take turns ({@link KeyTurns}), so that only
 * other writers can get in between.
 *
 * <pre>
 *   turn ──▶ watch ──▶ read ──▶ (more to read? again) ──▶ write ──▶ ended
 *              ▲                                            │
 *              └───────────── a key has changed ────────────┘
 * </pre>
 *
 * Belongs to its connection's lane.
 */
@ControlPlane
final class SpreadRun {
    /**
     * Attempts at one command. Each that fails lets another client's write through, so this many in
     * a row mean that the keys are written without pause.
     */
    static final int MAX_ATTEMPTS = 64;

    private static final Logger LOG = System.getLogger(SpreadRun.class.getName());

    /** How it ended. */
    sealed interface Ending {
        /** Done; the plan has the reply. */
        record Done(SpreadPlan plan) implements Ending {}

        /** A key that the client watches was changed, and nothing was done. */
        record WatchChanged() implements Ending {}

        /** Nothing was done, because a collection has been emptied: another one has its name. */
        record Replaced() implements Ending {}

        /** Nothing was done, or its outcome is unknown, as the text says. */
        record Failed(String error) implements Ending {}
    }

    private final RespConnection connection;
    private final int collection;
    private final Supplier<SpreadPlan> plans;
    private final List<WatchedKey> clientsWatches;
    private final Set<DatabaseKey> turnKeys;
    private final Consumer<Ending> ended;
    private final long deadlineNanos;
    private final List<WatchedKey> watched = new ArrayList<>();
    private KeyTurns.@Nullable Ticket turn;
    private SpreadPlan plan;
    private int attempts;

    /**
     * @param plans a new plan for each attempt
     * @param clientsWatches must hold whatever is read or written
     * @param turnKeys keys that will be written; none when nothing is
     */
    SpreadRun(
            RespConnection connection,
            Supplier<SpreadPlan> plans,
            List<WatchedKey> clientsWatches,
            Set<DatabaseKey> turnKeys,
            Consumer<Ending> ended) {
        this.connection = connection;
        this.collection = connection.state().collection();
        this.plans = plans;
        this.clientsWatches = clientsWatches;
        this.turnKeys = turnKeys;
        this.ended = ended;
        this.plan = plans.get();
        deadlineNanos =
                connection.lane().time().nanoTime() + connection.server().requestTimeoutNanos();
    }

    /** Once. */
    void start() {
        if (turnKeys.isEmpty()) {
            attempt();
            return;
        }
        RespLane lane = connection.lane();
        turn =
                connection
                        .server()
                        .keyTurns()
                        .take(turnKeys, () -> lane.loop().sockets().execute(this::attempt));
    }

    private void attempt() {
        boolean late = connection.lane().time().nanoTime() - deadlineNanos >= 0;
        if (late || attempts == MAX_ATTEMPTS) {
            end(
                    new Ending.Failed(
                            "CONFLICT keys of this command in several partitions were written by"
                                    + " others each time it was tried, and nothing was done: send"
                                    + " it again, or give the keys a rest; attempts="
                                    + attempts));
            return;
        }
        if (attempts++ > 0) {
            plan = plans.get();
        }
        watched.clear();
        next();
    }

    private void next() {
        List<CommandCall> reads;
        try {
            reads = plan.reads();
        } catch (RuntimeException bug) { // the edge of a session
            failed(bug);
            return;
        }
        if (reads.isEmpty()) {
            write();
            return;
        }
        if (!plan.watchesReads()) {
            read(reads);
            return;
        }
        List<DatabaseKey> keys = new ArrayList<>();
        reads.forEach(call -> keys.add(DatabaseKey.of(call.collection, call.arguments.copy(0))));
        Watching.look(
                connection,
                keys,
                (seen, error) -> {
                    if (error.isEmpty()) {
                        watched.addAll(seen);
                        read(reads);
                    } else {
                        end(gone() ? new Ending.Replaced() : new Ending.Failed(error));
                    }
                });
    }

    private void read(List<CommandCall> reads) {
        send(reads, true, this::next);
    }

    private void write() {
        List<CommandCall> writes;
        try {
            writes = plan.writes();
        } catch (RuntimeException bug) { // the edge of a session
            failed(bug);
            return;
        }
        if (writes.isEmpty()) {
            end(new Ending.Done(plan));
        } else {
            send(writes, true, () -> end(new Ending.Done(plan)));
        }
    }

    private void send(List<CommandCall> calls, boolean withOwnWatches, Runnable made) {
        RespLane lane = connection.lane();
        CommandBatch batch = new CommandBatch(lane.router());
        clientsWatches.forEach(batch::watch);
        if (withOwnWatches) {
            watched.forEach(batch::watch);
        }
        for (CommandCall call : calls) {
            int key = call.command.keys().argument(0);
            batch.add(lane.router().partitionOf(KeyHash.of(call.arguments.copy(key))), call);
        }
        lane.coordinator()
                .commit(
                        batch,
                        deadlineNanos,
                        connection.server().durability(),
                        CallOptions.DEFAULT,
                        connection.state().id(),
                        outcome -> {
                            if (outcome.isCommitted()) {
                                made.run();
                            } else {
                                refused(outcome, withOwnWatches);
                            }
                        });
    }

    private void refused(BatchOutcome outcome, boolean withOwnWatches) {
        if (outcome.commit().error() == ErrorCode.NOT_FOUND && gone()) {
            end(new Ending.Replaced());
        } else if (!outcome.watchChanged()) {
            end(new Ending.Failed(ErrorTexts.of(outcome.commit())));
        } else if (!withOwnWatches) {
            end(new Ending.WatchChanged());
        } else if (clientsWatches.isEmpty()) {
            attempt();
        } else {
            // Whose watch was it? The client's alone tell.
            send(List.of(), false, this::attempt);
        }
    }

    private boolean gone() {
        RespLane lane = connection.lane();
        return lane.isReplaced(collection)
                || turnKeys.stream().anyMatch(key -> lane.isReplaced(key.collection()));
    }

    private void failed(RuntimeException bug) {
        LOG.log(Level.ERROR, "A command over several partitions failed", bug);
        end(new Ending.Failed(ErrorTexts.of(ErrorCode.INTERNAL, "")));
    }

    private void end(Ending how) {
        KeyTurns.Ticket taken = turn;
        if (taken != null) {
            taken.giveBack();
        }
        ended.accept(how);
    }
}
