package io.nodedb.server.resp;

import io.netty.util.concurrent.Future;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.control.catalog.CatalogState;
import io.nodedb.kv.WaitTimeout;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import io.nodedb.plan.kv.command.WaitTicket;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A command with which a client waits for something, from its arrival to its reply. It stands in
 * the queues of its keys' cores ({@link WaitingPlace}); whoever takes its {@link WaitTicket}
 * decides how it ends: a core that has something, or this lane, when the time is up, the client is
 * unblocked or has gone.
 *
 * <p>Keys in several partitions are tried together first, as every command over partitions; then
 * each core gets those keys that it has. A move between partitions only waits at its source: when
 * it is told that there is something it goes for it, keeping its place until it has it.
 *
 * <p>When the database is emptied or exchanged meanwhile, it begins anew in the one that now has
 * the name. Belongs to its connection's lane.
 */
@ControlPlane
final class BlockedCommand {
    /** Longer is for ever: clocks count nanoseconds in 64 bits. */
    private static final long LONGEST_MILLIS = TimeUnit.DAYS.toMillis(36_500);

    private static final int SEVERAL = -1;

    /** So long after its time a command that no core has come to yet is looked at again. */
    private static final long MILLIS_UNTIL_TRIED = 1;

    private final RespConnection connection;
    private final RespLane lane;
    private final PendingReply reply;
    private final CommandCall command;
    private final List<WaitingPlace> places = new ArrayList<>();
    private WaitTicket ticket = new WaitTicket();
    private @Nullable Future<?> timer;
    private @Nullable Reply failure;
    private boolean timeIsUp;
    private boolean ended;

    /** It has waited: that a key holds another type is no mistake of its client any more. */
    private boolean hasWaited;

    private BlockedCommand(RespConnection connection, CommandCall command) {
        this.connection = connection;
        this.lane = connection.lane();
        this.command = command;
        reply = connection.append();
    }

    /** Replies once, later. Nothing that the client sent later begins before. */
    static void run(RespConnection connection, Command command, CommandInput input) {
        CommandCall call = new CommandCall();
        call.command = command;
        input.copyTo(call.arguments, 1);
        if (command == Command.BLMOVE && !MovePlan.namesEnds(call.arguments)) {
            connection.replyError(ErrorTexts.SYNTAX);
            return;
        }
        WaitTimeout timeout =
                WaitTimeout.of(command, call.arguments, connection.server().time().epochMillis());
        if (!timeout.isValid() && command.keys().counted()) {
            // Whatever else is wrong is told first: the engine knows.
            connection.sendOrWait(command, input, 0);
            return;
        }
        if (!timeout.isValid()) {
            connection.replyError(timeout.error());
            return;
        }
        BlockedCommand blocked = new BlockedCommand(connection, call);
        connection.block(blocked);
        if (timeout.millis() > 0) {
            blocked.timeOutIn(Math.min(timeout.millis(), LONGEST_MILLIS));
        }
        blocked.begin();
    }

    RespConnection connection() {
        return connection;
    }

    /** Looks up where the keys are, and goes there. */
    private void begin() {
        if (ended) {
            return;
        }
        ClientState state = connection.state();
        if (!state.find(catalog(), false)) {
            if (lane.server().comesBack(state)) {
                lane.parts().later(this::begin);
            } else {
                finishWithError(Databases.gone(catalog(), state.collectionName()));
            }
            return;
        }
        command.collection = state.collection();
        int partition = partition();
        if (partition == SEVERAL) {
            boolean ignored = ticket.take();
            goForIt();
        } else {
            connection.state().setWaiting(ticket, 1);
            stand(partition, command.command, command.arguments);
        }
    }

    private int partition() {
        int partition = 0;
        int keys = command.command.keys().keys(command.arguments);
        for (int i = 0; i < keys; i++) {
            int next = partitionOfKey(i);
            if (i > 0 && next != partition) {
                return SEVERAL;
            }
            partition = next;
        }
        return partition;
    }

    private int partitionOfKey(int key) {
        Arguments arguments = command.arguments;
        int argument = command.command.keys().argument(key);
        return lane.router()
                .partitionOf(
                        KeyHash.of(
                                arguments.bytes(),
                                arguments.offset(argument),
                                arguments.length(argument)));
    }

    private void stand(int partition, Command waits, Arguments arguments) {
        if (ended) {
            return;
        }
        WaitingPlace place =
                new WaitingPlace(
                        this, ticket, partition, command.collection, waits, arguments, hasWaited);
        places.add(place);
        place.take();
    }

    /** Tries the command over partitions, while the ticket is taken by this lane. */
    private void goForIt() {
        CommandCall attempt = new CommandCall();
        attempt.command = command.command;
        attempt.collection = command.collection;
        attempt.arguments.addAll(command.arguments);
        new SpreadRun(
                        connection,
                        Spread.plans(connection.server(), attempt),
                        List.of(),
                        Spread.turnKeys(List.of(attempt)),
                        this::gone)
                .start();
    }

    private void gone(SpreadRun.Ending ending) {
        switch (ending) {
            case SpreadRun.Ending.Done(SpreadPlan plan) -> {
                Reply answer = new Reply();
                plan.appendReply(answer);
                if (answer.isNothing()) {
                    waitOn();
                } else {
                    finish(answer);
                }
            }
            case SpreadRun.Ending.Failed(String error) -> finishWithError(error);
            case SpreadRun.Ending.Replaced _ -> beginAnew();
            case SpreadRun.Ending.WatchChanged _ ->
                    throw new IllegalStateException("nothing is watched");
        }
    }

    private CatalogState catalog() {
        return connection.server().control().catalog().state();
    }

    /** There was nothing for a command over partitions. */
    private void waitOn() {
        if (timeIsUp || connection.isGone()) {
            finishWithNothing();
            return;
        }
        ticket.putBack();
        if (!places.isEmpty()) {
            hasWaited = true;
            places.getFirst().comeBack();
            return;
        }
        List<PartitionKeys> parts = PartitionKeys.of(command, this::partitionOfKey);
        connection.state().setWaiting(ticket, parts.size());
        for (PartitionKeys part : parts) {
            stand(part.partition(), part.command(), part.arguments());
        }
    }

    /** A core has answered. */
    void answered(WaitingPlace place, Reply content) {
        if (ended || place.ticket() != ticket) {
            return;
        }
        if (content.isNothing()) {
            // Somebody else has the ticket, and answers.
            finishIfFailed();
        } else if (place.onlyTells() && !content.isError()) {
            goForIt();
        } else {
            finish(content);
        }
    }

    /** A core can't answer. */
    void failed(WaitingPlace place, ErrorCode code, @Nullable String message) {
        if (ended || place.ticket() != ticket) {
            return;
        }
        boolean decides = ticket.giveUp();
        if (code == ErrorCode.NOT_FOUND && lane.isReplaced(command.collection)) {
            if (decides) {
                beginAnew();
            }
            return;
        }
        failure = lane.errorReply(connection, code, message);
        if (decides) {
            finish(failure);
        } else {
            finishIfFailed();
        }
    }

    /** The ticket was taken, but no core that could have it has an answer. */
    private void finishIfFailed() {
        Reply known = failure;
        if (known != null && places.stream().noneMatch(WaitingPlace::isTaken)) {
            finish(known);
        }
    }

    /** The database is another one now. */
    private void beginAnew() {
        endPlaces();
        ticket = new WaitTicket();
        connection.state().setWaiting(null, 0);
        hasWaited = true;
        if (timeIsUp || connection.isGone()) {
            finishWithNothing();
        } else {
            begin();
        }
    }

    private void endPlaces() {
        places.forEach(WaitingPlace::end);
        places.clear();
    }

    private void timeOutIn(long millis) {
        timer = lane.loop().sockets().schedule(this::timeOut, millis, TimeUnit.MILLISECONDS);
    }

    /** However short the time is, the command is tried once. */
    private void timeOut() {
        timeIsUp = true;
        if (!ended && !places.isEmpty() && !connection.state().isBlocked()) {
            timeOutIn(MILLIS_UNTIL_TRIED);
        } else if (!ended && ticket.giveUp()) {
            finishWithNothing();
        }
    }

    /** {@code CLIENT UNBLOCK}. @return false when the client is being served */
    boolean unblock(String error) {
        if (ended || !ticket.giveUp()) {
            return false;
        }
        if (error.isEmpty()) {
            finishWithNothing();
        } else {
            finishWithError(error);
        }
        return true;
    }

    /** Nobody waits for the reply any more. */
    void clientGone() {
        if (!ended && ticket.giveUp()) {
            finishWithNothing();
        }
    }

    private void finishWithNothing() {
        Reply nothing = new Reply();
        nothing.nullArray();
        finish(nothing);
    }

    private void finishWithError(String text) {
        connection.server().statistics().countError();
        Reply error = new Reply();
        error.error(text);
        finish(error);
    }

    /** {@code content} is read now. */
    private void finish(Reply content) {
        ended = true;
        Future<?> set = timer;
        if (set != null) {
            boolean ignored = set.cancel(false);
        }
        endPlaces();
        connection.unblock();
        connection.answerUnlessGone(reply, content);
        connection.release();
    }
}
