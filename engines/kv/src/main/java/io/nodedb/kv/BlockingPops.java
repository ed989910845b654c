package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;

/**
 * The commands with which a client may wait for something to take. What they find they take at
 * once; with nothing there they answer nil, and the core makes the client wait. A call that has
 * waited looks only at the key that has come, where a value of another type is nothing: whoever
 * waits for a list is not told that somebody has made a string.
 */
@CoreOwned
final class BlockingPops {
    private final ListElements list;
    private final ListMoves moves;
    private final Elements elements;
    private final SortedRangeCommands sortedSets;

    BlockingPops(
            ListElements list, ListMoves moves, Elements elements, SortedRangeCommands sortedSets) {
        this.list = list;
        this.moves = moves;
        this.elements = elements;
        this.sortedSets = sortedSets;
    }

    int execute(CommandRun run) {
        Command command = run.call.command;
        // Before the time: as Redis, which looks at these words first.
        if (command == Command.BLMOVE && !ListMoves.namesEnds(run)) {
            return run.error(CommandErrors.SYNTAX);
        }
        boolean readsAllFirst = command == Command.BLMPOP || command == Command.BZMPOP;
        String wrong = readsAllFirst ? "" : wrongTime(run);
        if (!wrong.isEmpty()) {
            return run.error(wrong);
        }
        return switch (command) {
            case BLPOP -> popList(run, true);
            case BRPOP -> popList(run, false);
            case BLMPOP -> moves.popFirstOf(run, 1);
            case BZMPOP -> sortedSets.popFirstOf(run, 1);
            case BZPOPMIN -> popSortedSet(run, true);
            case BZPOPMAX -> popSortedSet(run, false);
            case BLMOVE -> hasWaitedInVain(run) ? run.nil() : moves.move(run);
            case BRPOPLPUSH -> hasWaitedInVain(run) ? run.nil() : moves.rightToLeft(run);
            default -> throw new IllegalStateException("no command that waits: " + command);
        };
    }

    /** Why a command that may wait can't be told how long; empty for others. */
    static String wrongTime(CommandRun run) {
        Command command = run.call.command;
        return command.mayWait()
                ? WaitTimeout.of(command, run.arguments, run.nowMillis()).error()
                : "";
    }

    /** Has the client waited, so that another type is nothing? */
    static boolean hasWaited(CommandRun run) {
        return run.call.onlyKey != CommandCall.ALL_KEYS;
    }

    /** Must a key be passed over, because it is not the one that has come? */
    static boolean isPassedOver(CommandRun run, int key) {
        return run.call.onlyKey >= 0 && run.call.onlyKey != key;
    }

    /** The source holds another type, which is no mistake of a client that has waited. */
    private boolean hasWaitedInVain(CommandRun run) {
        return hasWaited(run) && !list.open(run, 0);
    }

    private int popList(CommandRun run, boolean first) {
        for (int i = 0; i < run.count() - 1; i++) {
            if (isPassedOver(run, i)) {
                continue;
            }
            if (!list.open(run, i)) {
                if (hasWaited(run)) {
                    continue;
                }
                return run.wrongType();
            }
            if (list.exists()) {
                run.reply.array(2);
                answerKey(run, i);
                ListCommands.take(run, list, 1, first);
                return Outcome.DONE;
            }
        }
        run.reply.nullArray();
        return Outcome.DONE;
    }

    private int popSortedSet(CommandRun run, boolean least) {
        for (int i = 0; i < run.count() - 1; i++) {
            if (isPassedOver(run, i)) {
                continue;
            }
            if (!elements.open(run, i, ValueType.SORTED_SET)) {
                if (hasWaited(run)) {
                    continue;
                }
                return run.wrongType();
            }
            if (elements.exists()) {
                run.reply.array(3);
                answerKey(run, i);
                sortedSets.takeOne(run, least);
                return Outcome.DONE;
            }
        }
        run.reply.nullArray();
        return Outcome.DONE;
    }

    static void answerKey(CommandRun run, int argument) {
        run.reply.bulk(
                run.arguments.bytes(),
                run.arguments.offset(argument),
                run.arguments.length(argument));
    }
}
