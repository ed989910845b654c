package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import java.util.List;

/**
 * One attempt at something that concerns keys of several partitions: what must be known, and what
 * follows from it. {@link SpreadRun} asks for reads until there are none, each time when those of
 * before have been answered, then for the writes, and for the reply when these are made.
 */
@ControlPlane
interface SpreadPlan {
    /** What must be known next, each on a single key; none when everything is known. */
    List<CommandCall> reads();

    /** Must the keys of these reads stay as they are until all is done? */
    boolean watchesReads();

    /** What is to be done, each on a single key; perhaps nothing. Asked once. */
    List<CommandCall> writes();

    /** What the client is told, after the writes. */
    void appendReply(Reply answer);

    /** A command on the first of its arguments. */
    static CommandCall call(int collection, Command command, byte[]... arguments) {
        CommandCall call = new CommandCall();
        call.collection = collection;
        call.command = command;
        for (byte[] argument : arguments) {
            call.arguments.add(argument);
        }
        return call;
    }

    /** A command that must not be answered by an error, or nothing is done at all. */
    static CommandCall sureCall(int collection, Command command, byte[]... arguments) {
        CommandCall call = call(collection, command, arguments);
        call.expected = new Reply();
        return call;
    }
}
