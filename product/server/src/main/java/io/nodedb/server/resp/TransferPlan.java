package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * COPY and MOVE from one database to another: the value with its expiry is read, written there and,
 * for MOVE, removed here, if both keys still are as they were.
 */
@ControlPlane
final class TransferPlan implements SpreadPlan {
    /**
     * What is wanted.
     *
     * @param removes the key does not stay where it is
     * @param replaces whatever the target holds is overwritten
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    record Wish(byte[] source, byte[] target, boolean removes, boolean replaces) {
        /** Would the key stay where it is, if it were in one database? */
        boolean staysInPlace() {
            return Arrays.equals(source, target);
        }
    }

    private final Wish wish;
    private final int from;
    private final int to;
    private final CommandCall value;
    private final CommandCall there;
    private boolean isRead;
    private boolean isDone;
    private @Nullable Reply failure;

    /** From a collection to another. */
    TransferPlan(Wish wish, int from, int to) {
        this.wish = wish;
        this.from = from;
        this.to = to;
        value = SpreadPlan.call(from, Command.VALUE_READ, wish.source());
        there = SpreadPlan.call(to, Command.EXISTS, wish.target());
    }

    @Override
    public List<CommandCall> reads() {
        if (isRead) {
            return List.of();
        }
        isRead = true;
        return List.of(value, there);
    }

    @Override
    public boolean watchesReads() {
        return true;
    }

    @Override
    public List<CommandCall> writes() {
        for (CommandCall read : List.of(value, there)) {
            if (read.reply.isError()) {
                failure = read.reply;
                return List.of();
            }
        }
        byte[] content = new ReplyReader(value.reply).bulkOrNil();
        boolean isTaken = new ReplyReader(there.reply).integer() > 0 && !wish.replaces();
        if (content == ReplyReader.NIL || isTaken) {
            return List.of();
        }
        isDone = true;
        List<CommandCall> writes = new ArrayList<>();
        writes.add(SpreadPlan.sureCall(to, Command.VALUE_WRITE, wish.target(), content));
        if (wish.removes()) {
            writes.add(SpreadPlan.sureCall(from, Command.DEL, wish.source()));
        }
        return writes;
    }

    @Override
    public void appendReply(Reply answer) {
        Reply failed = failure;
        if (failed != null) {
            Execution.append(failed, answer);
        } else {
            answer.integer(isDone ? 1 : 0);
        }
    }
}
