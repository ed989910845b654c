package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import java.util.ArrayList;
import java.util.List;

/** MSETNX over partitions: sets all keys in a batch that expects each of them to be absent. */
@ControlPlane
final class SetAllPlan implements SpreadPlan {
    private final CommandCall command;
    private final List<CommandCall> present = new ArrayList<>();
    private final boolean isOdd;
    private boolean isRead;
    private Reply answer = new Reply();

    SetAllPlan(CommandCall command) {
        this.command = command;
        isOdd = command.arguments.count() % 2 != 0;
    }

    static boolean makes(Command command) {
        return command == Command.MSETNX;
    }

    @Override
    public List<CommandCall> reads() {
        if (isRead || isOdd) {
            return List.of();
        }
        isRead = true;
        addLooks(present);
        return present;
    }

    private void addLooks(List<CommandCall> calls) {
        for (int i = 0; i < command.arguments.count(); i += 2) {
            calls.add(
                    SpreadPlan.call(command.collection, Command.EXISTS, command.arguments.copy(i)));
        }
    }

    @Override
    public boolean watchesReads() {
        return false;
    }

    @Override
    public List<CommandCall> writes() {
        if (isOdd) {
            answer.error(ErrorTexts.wrongNumber("msetnx"));
            return List.of();
        }
        for (CommandCall look : present) {
            if (look.reply.isError()) {
                answer = look.reply;
                return List.of();
            }
        }
        for (CommandCall look : present) {
            if (new ReplyReader(look.reply).integer() > 0) {
                answer.integer(0);
                return List.of();
            }
        }
        List<CommandCall> writes = new ArrayList<>();
        addLooks(writes);
        Reply absent = new Reply();
        absent.integer(0);
        writes.forEach(look -> look.expected = absent);
        Arguments arguments = command.arguments;
        for (int i = 0; i < arguments.count(); i += 2) {
            writes.add(
                    SpreadPlan.sureCall(
                            command.collection,
                            Command.SET,
                            arguments.copy(i),
                            arguments.copy(i + 1)));
        }
        answer.integer(1);
        return writes;
    }

    @Override
    public void appendReply(Reply to) {
        Execution.append(answer, to);
    }
}
