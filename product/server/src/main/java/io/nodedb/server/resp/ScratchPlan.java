package io.nodedb.server.resp;

import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.kv.ScratchKeyspace;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Any commands over any partitions: their keys are copied to one place, the commands are executed
 * there in their order, and what has changed is written home. The replies are those of the copies.
 */
@ControlPlane
final class ScratchPlan implements SpreadPlan {
    private final RespServer server;
    private final List<CommandCall> commands;
    private final ScratchCopies copies;
    private final boolean writes;
    private boolean isRead;
    private @Nullable Reply failure;

    /** {@code commands} are answered in place. */
    ScratchPlan(RespServer server, int collection, List<CommandCall> commands) {
        this.server = server;
        this.commands = commands;
        copies = new ScratchCopies(collection);
        boolean anyWrites = false;
        for (CommandCall command : commands) {
            copies.add(command);
            anyWrites |= command.writes();
        }
        writes = anyWrites;
    }

    @Override
    public List<CommandCall> reads() {
        if (isRead) {
            return List.of();
        }
        isRead = true;
        return copies.reads();
    }

    @Override
    public boolean watchesReads() {
        return writes;
    }

    @Override
    public List<CommandCall> writes() {
        failure = copies.error();
        if (failure != null) {
            return List.of();
        }
        try {
            return server.scratches().with(this::compute);
        } catch (NodeDbException refused) {
            failure = ErrorTexts.reply(refused.code(), refused.getMessage());
            return List.of();
        }
    }

    private List<CommandCall> compute(ScratchKeyspace scratch) {
        copies.load(scratch);
        for (CommandCall command : commands) {
            command.resetAnswer();
            ScratchCopies.run(scratch, command);
        }
        return writes ? copies.changes(scratch) : List.of();
    }

    /** Why none of the commands was executed; null when they were. */
    @Nullable Reply failure() {
        return failure;
    }

    @Override
    public void appendReply(Reply answer) {
        Reply failed = failure;
        for (CommandCall command : commands) {
            Execution.append(failed == null ? command.reply : failed, answer);
        }
    }
}
