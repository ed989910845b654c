package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.KeyPlaces;
import io.nodedb.plan.kv.command.Reply;
import java.util.ArrayList;
import java.util.List;

/**
 * LMPOP, ZMPOP and what takes from the first of several keys or waits, over partitions: executed on
 * the first key that is there alone, in a batch that expects those before it to be absent still.
 */
@ControlPlane
final class FirstOfPlan implements SpreadPlan {
    private static final Reply NONE = new Reply();

    static {
        NONE.status("none");
    }

    private final CommandCall command;
    private final CommandCall onOne;
    private final List<CommandCall> types = new ArrayList<>();
    private boolean isRead;

    FirstOfPlan(CommandCall command) {
        this.command = command;
        KeyPlaces places = command.command.keys();
        for (int i = 0; i < places.keys(command.arguments); i++) {
            types.add(
                    SpreadPlan.call(
                            command.collection,
                            Command.TYPE,
                            command.arguments.copy(places.argument(i))));
        }
        onOne = new CommandCall();
    }

    /** One that says from which end; what is wrong with another one, a plan of copies tells. */
    static boolean makes(CommandCall call) {
        Command command = call.command;
        return switch (command) {
            case BLPOP, BRPOP, BZPOPMIN, BZPOPMAX -> true;
            case LMPOP, ZMPOP, BLMPOP, BZMPOP -> {
                KeyPlaces places = command.keys();
                int keys = places.keys(call.arguments);
                yield call.arguments.count() > places.argument(0) + keys;
            }
            default -> false;
        };
    }

    @Override
    public List<CommandCall> reads() {
        if (isRead) {
            return List.of();
        }
        isRead = true;
        return types;
    }

    @Override
    public boolean watchesReads() {
        return false;
    }

    @Override
    public List<CommandCall> writes() {
        List<CommandCall> writes = new ArrayList<>();
        int first = 0;
        while (first < types.size() && types.get(first).reply.isSame(NONE)) {
            first++;
        }
        boolean found = first < types.size();
        // Without any, the first can tell what is wrong with the command, if something is.
        int chosen = found ? first : 0;
        for (int i = 0; i < chosen; i++) {
            writes.add(expecting(types.get(i), NONE));
        }
        if (found) {
            writes.add(expecting(types.get(chosen), types.get(chosen).reply));
        }
        writes.add(onOne(chosen));
        return writes;
    }

    private static CommandCall expecting(CommandCall type, Reply reply) {
        CommandCall call = SpreadPlan.call(type.collection, Command.TYPE, type.arguments.copy(0));
        call.expected = reply;
        return call;
    }

    private CommandCall onOne(int key) {
        onOne.command = command.command;
        onOne.collection = command.collection;
        onOne.seed = command.seed;
        onOne.arguments.addAll(PartitionKeys.with(command, List.of(key)));
        return onOne;
    }

    @Override
    public void appendReply(Reply answer) {
        Execution.append(onOne.reply, answer);
    }
}
