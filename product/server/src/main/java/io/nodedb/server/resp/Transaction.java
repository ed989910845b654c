package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.Reply;
import java.util.ArrayList;
import java.util.List;

/** The commands of a client between MULTI and EXEC. */
@ControlPlane
final class Transaction {
    /** Bytes of all queued commands: a client must not fill the memory with what it may do. */
    static final long MAX_BYTES = 256L << 20;

    private final List<QueuedCommand> commands = new ArrayList<>();
    private long bytes;
    private boolean refused;

    List<QueuedCommand> commands() {
        return commands;
    }

    /** Some command could not be queued. */
    boolean isRefused() {
        return refused;
    }

    void refuse() {
        refused = true;
    }

    void queue(RespConnection connection, CommandEntry entry, CommandInput input) {
        QueuedCommand queued = QueuedCommand.of(entry, input);
        bytes += queued.bytes();
        if (bytes > MAX_BYTES) {
            connection.replyError("ERR the transaction is too large: bytes=" + bytes);
            return;
        }
        Command command = entry.engine();
        if (command != null
                && !SplitCommand.splits(command)
                && connection.keys().partitionOf(command.keys(), input) == KeyRouter.SEVERAL) {
            connection.replyError("CROSSSLOT Keys in request don't hash to the same slot");
            return;
        }
        commands.add(queued);
        Reply reply = connection.build();
        reply.status("QUEUED");
        connection.reply(reply);
    }
}
