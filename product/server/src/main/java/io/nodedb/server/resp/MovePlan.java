package io.nodedb.server.resp;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.Reply;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * LMOVE, RPOPLPUSH, their blocking forms and SMOVE between partitions: taken from one key and put
 * to the other in one batch, whatever the size of either. The batch expects to take what was seen
 * before; other changes of the keys do not disturb it.
 */
@ControlPlane
final class MovePlan implements SpreadPlan {
    private static final String WRONG_TYPE =
            "WRONGTYPE Operation against a key holding the wrong kind of value";

    private final int collection;
    private final byte[] source;
    private final byte[] target;
    private final boolean isSet;

    /** The element of a set; of a list, known when it has been read. */
    private byte[] element = {};

    private boolean fromLeft;
    private boolean toLeft;
    private boolean isRead;
    private boolean syntaxError;
    private final CommandCall sourceType;
    private final CommandCall targetType;
    private final CommandCall elementThere;
    private @Nullable Reply answer;

    MovePlan(CommandCall command) {
        Arguments arguments = command.arguments;
        collection = command.collection;
        source = arguments.copy(0);
        target = arguments.copy(1);
        isSet = command.command == Command.SMOVE;
        if (isSet) {
            element = arguments.copy(2);
        } else if (namesEnds(command.command)) {
            fromLeft = takesFirst(command);
            toLeft = arguments.isWord(3, "LEFT");
            syntaxError = !namesEnds(arguments);
        } else {
            toLeft = true;
        }
        sourceType = SpreadPlan.call(collection, Command.TYPE, source);
        targetType = SpreadPlan.call(collection, Command.TYPE, target);
        elementThere =
                isSet
                        ? SpreadPlan.call(collection, Command.SISMEMBER, source, element)
                        : SpreadPlan.call(
                                collection, Command.LINDEX, source, ascii(fromLeft ? "0" : "-1"));
    }

    static boolean makes(Command command) {
        return switch (command) {
            case LMOVE, BLMOVE, RPOPLPUSH, BRPOPLPUSH, SMOVE -> true;
            default -> false;
        };
    }

    /** Does it take a list's first element, and not its last? */
    static boolean takesFirst(CommandCall call) {
        return namesEnds(call.command) && call.arguments.isWord(2, "LEFT");
    }

    private static boolean namesEnds(Command command) {
        return command == Command.LMOVE || command == Command.BLMOVE;
    }

    /** Do the arguments of LMOVE or BLMOVE say from which end to which? */
    static boolean namesEnds(Arguments arguments) {
        return (arguments.isWord(2, "LEFT") || arguments.isWord(2, "RIGHT"))
                && (arguments.isWord(3, "LEFT") || arguments.isWord(3, "RIGHT"));
    }

    @Override
    public List<CommandCall> reads() {
        if (isRead || syntaxError) {
            return List.of();
        }
        isRead = true;
        return List.of(sourceType, elementThere, targetType);
    }

    @Override
    public boolean watchesReads() {
        return false;
    }

    @Override
    public List<CommandCall> writes() {
        Reply known = withoutMove();
        if (known != null) {
            answer = known;
            return List.of();
        }
        Reply moved = new Reply();
        CommandCall take;
        CommandCall put;
        if (isSet) {
            moved.integer(1);
            take = SpreadPlan.call(collection, Command.SREM, source, element);
            put = SpreadPlan.sureCall(collection, Command.SADD, target, element);
        } else {
            element = new ReplyReader(elementThere.reply).bulk();
            moved.bulk(element);
            take = SpreadPlan.call(collection, fromLeft ? Command.LPOP : Command.RPOP, source);
            put =
                    SpreadPlan.sureCall(
                            collection, toLeft ? Command.LPUSH : Command.RPUSH, target, element);
        }
        take.expected = moved;
        answer = moved;
        return List.of(take, put);
    }

    /** The reply when nothing is to be moved; null when something is. */
    private @Nullable Reply withoutMove() {
        Reply reply = new Reply();
        if (syntaxError) {
            reply.error(ErrorTexts.SYNTAX);
            return reply;
        }
        for (CommandCall read : List.of(sourceType, elementThere, targetType)) {
            if (read.reply.isError()) {
                return read.reply;
            }
        }
        if (is(sourceType, "none")) {
            if (isSet) {
                reply.integer(0);
            } else {
                reply.nil();
            }
            return reply;
        }
        if (!is(targetType, "none") && !is(targetType, isSet ? "set" : "list")) {
            reply.error(WRONG_TYPE);
            return reply;
        }
        if (isSet && new ReplyReader(elementThere.reply).integer() == 0) {
            reply.integer(0);
            return reply;
        }
        return null;
    }

    private static boolean is(CommandCall type, String name) {
        Reply expected = new Reply();
        expected.status(name);
        return type.reply.isSame(expected);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public void appendReply(Reply to) {
        Reply known = answer;
        if (known != null) {
            Execution.append(known, to);
        }
    }
}
