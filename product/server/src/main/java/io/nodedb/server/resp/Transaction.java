package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.Reply;
import java.util.ArrayList;
import java.util.List;

/** The commands of a client between MULTI and EXEC. */
@ControlPlane
final class Transaction {
    /** Bytes of all queued commands: a client must not fill the memory with what it may do. */
    static final long MAX_BYTES = 256L << 20;

    /** What the patterns lead to depends on what the transaction does before. */
    private static final String SORT_BY_OTHERS =
            "ERR SORT with patterns in BY or GET is not possible inside MULTI when the database has"
                    + " several partitions: send it before, under WATCH";

    private static final String COPY_TO_OTHER =
            "ERR COPY with DB is not possible inside MULTI: send it before, under WATCH";

    private static final String OUT_OF_MEMORY =
            "OOM the transactions of all clients hold too much memory: send EXEC or DISCARD, or"
                    + " shorter transactions";

    private final QueueBudget budget;
    private final List<QueuedCommand> commands = new ArrayList<>();

    /** Taken of the budget. */
    private long bytes;

    private boolean refused;
    private volatile int count;
    private boolean spread;

    Transaction(QueueBudget budget) {
        this.budget = budget;
    }

    /** Gives back what the commands hold: they are not needed any more. */
    void end() {
        budget.giveBack(bytes);
        bytes = 0;
        commands.clear();
    }

    List<QueuedCommand> commands() {
        return commands;
    }

    /** How many there are, for any thread. */
    int count() {
        return count;
    }

    /** Some command could not be queued. */
    boolean isRefused() {
        return refused;
    }

    /** Some command looks at keys of several partitions together. */
    boolean isSpread() {
        return spread;
    }

    /** Each command as one word, for people. */
    Arguments lines() {
        Arguments lines = new Arguments();
        for (QueuedCommand queued : commands) {
            lines.add(queued.line());
        }
        return lines;
    }

    void refuse() {
        refused = true;
    }

    void queue(RespConnection connection, CommandEntry entry, CommandInput input) {
        long more = QueuedCommand.bytes(input);
        if (bytes + more > MAX_BYTES) {
            connection.replyError("ERR the transaction is too large: bytes=" + (bytes + more));
            return;
        }
        if (!budget.tryTake(more)) {
            connection.replyError(OUT_OF_MEMORY);
            return;
        }
        bytes += more;
        QueuedCommand queued = QueuedCommand.of(entry, input);
        Command command = entry.engine();
        if (command == Command.COPY && TransferFamily.namesDatabase(input)) {
            connection.replyError(COPY_TO_OTHER);
            return;
        }
        if (command == Command.SORT || command == Command.SORT_RO) {
            SortKeys keys = SortKeys.of(command, queued.arguments());
            if (keys.leadElsewhere(queued.arguments(), connection.lane().router())) {
                if (!keys.patterns().isEmpty()) {
                    connection.replyError(SORT_BY_OTHERS);
                    return;
                }
                spread = true;
            }
        }
        if (command != null
                && !SplitCommand.splits(command)
                && connection.keys().partitionOf(command.keys(), input) == KeyRouter.SEVERAL) {
            spread = true;
        }
        commands.add(queued);
        count = commands.size();
        Reply reply = connection.build();
        reply.status("QUEUED");
        connection.reply(reply);
    }
}
