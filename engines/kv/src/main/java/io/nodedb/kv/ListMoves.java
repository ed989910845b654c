package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Arguments;

/** Commands that move elements between lists, take from the first of several, or search one. */
@CoreOwned
final class ListMoves {
    private final ListElements source;
    private final ListElements target;

    ListMoves(ListElements source, ListElements target) {
        this.source = source;
        this.target = target;
    }

    int rightToLeft(CommandRun run) {
        return move(run, false, true);
    }

    int move(CommandRun run) {
        Arguments arguments = run.arguments;
        if (!namesEnds(run)) {
            return run.error(CommandErrors.SYNTAX);
        }
        return move(run, arguments.isWord(2, "LEFT"), arguments.isWord(3, "LEFT"));
    }

    /** Do the arguments of LMOVE and BLMOVE say from where to where? */
    static boolean namesEnds(CommandRun run) {
        Arguments arguments = run.arguments;
        return (arguments.isWord(2, "LEFT") || arguments.isWord(2, "RIGHT"))
                && (arguments.isWord(3, "LEFT") || arguments.isWord(3, "RIGHT"));
    }

    private int move(CommandRun run, boolean fromLeft, boolean toLeft) {
        if (!source.open(run, 0)) {
            return run.wrongType();
        }
        if (!source.exists()) {
            return run.nil();
        }
        boolean rotates = run.sameKey(0, 1);
        ListElements into = rotates ? source : target;
        if (!rotates && !target.open(run, 1)) {
            return run.wrongType();
        }
        long size = source.size();
        long index = fromLeft ? 0 : size - 1;
        byte[] value = source.copy(index);
        run.reply.bulk(value);
        // Also when nothing moves: who watches the key must learn that it was written.
        source.remove(index, index + 1);
        if (!rotates) {
            source.finish();
        }
        if (toLeft) {
            into.pushFirst(value, 0, value.length);
        } else {
            into.pushLast(value, 0, value.length);
        }
        into.finish();
        return Outcome.DONE;
    }

    /** LMPOP and BLMPOP; {@code number} is the argument that says how many keys there are. */
    int popFirstOf(CommandRun run, int number) {
        Arguments arguments = run.arguments;
        if (!run.parsed.isInteger(arguments, number) || run.parsed.integer() < 1) {
            return run.error("ERR numkeys should be greater than 0");
        }
        long keys = run.parsed.integer();
        int first = number + 1;
        if (keys + first >= arguments.count()) {
            return run.error(CommandErrors.SYNTAX);
        }
        int at = (int) keys + first;
        boolean left = arguments.isWord(at, "LEFT");
        if (!left && !arguments.isWord(at, "RIGHT")) {
            return run.error(CommandErrors.SYNTAX);
        }
        long count = 1;
        if (at + 1 < arguments.count()) {
            if (at + 2 == arguments.count() || !arguments.isWord(at + 1, "COUNT")) {
                return run.error(CommandErrors.SYNTAX);
            }
            if (!run.parsed.isInteger(arguments, at + 2) || run.parsed.integer() < 1) {
                return run.error("ERR count should be greater than 0");
            }
            if (at + 3 < arguments.count()) {
                return run.error(CommandErrors.SYNTAX);
            }
            count = run.parsed.integer();
        }
        String wrong = BlockingPops.wrongTime(run);
        if (!wrong.isEmpty()) {
            return run.error(wrong);
        }
        for (int i = first; i < at; i++) {
            if (BlockingPops.isPassedOver(run, i - first)) {
                continue;
            }
            if (!source.open(run, i)) {
                if (BlockingPops.hasWaited(run)) {
                    continue;
                }
                return run.wrongType();
            }
            if (source.exists()) {
                run.reply.array(2);
                BlockingPops.answerKey(run, i);
                run.reply.array((int) Math.min(count, source.size()));
                ListCommands.take(run, source, count, left);
                return Outcome.DONE;
            }
        }
        run.reply.nullArray();
        return Outcome.DONE;
    }

    /** LPOS. */
    int search(CommandRun run) {
        Arguments arguments = run.arguments;
        long rank = 1;
        long count = -1;
        long most = 0;
        for (int i = 2; i < arguments.count(); i += 2) {
            boolean more = i + 1 < arguments.count();
            if (more && arguments.isWord(i, "RANK")) {
                if (!run.parsed.isInteger(arguments, i + 1)) {
                    return run.error(CommandErrors.NOT_AN_INTEGER);
                }
                rank = run.parsed.integer();
                if (rank == Long.MIN_VALUE) {
                    rank = -1; // as Redis 7.0, where its opposite overflows
                }
                if (rank == 0) {
                    return run.error(
                            "ERR RANK can't be zero: use 1 to start from the first match, 2 from"
                                    + " the second ... or use negative to start from the end of"
                                    + " the list");
                }
            } else if (more && arguments.isWord(i, "COUNT")) {
                if (!run.parsed.isInteger(arguments, i + 1) || run.parsed.integer() < 0) {
                    return run.error("ERR COUNT can't be negative");
                }
                count = run.parsed.integer();
            } else if (more && arguments.isWord(i, "MAXLEN")) {
                if (!run.parsed.isInteger(arguments, i + 1) || run.parsed.integer() < 0) {
                    return run.error("ERR MAXLEN can't be negative");
                }
                most = run.parsed.integer();
            } else {
                return run.error(CommandErrors.SYNTAX);
            }
        }
        if (!source.open(run, 0)) {
            return run.wrongType();
        }
        return search(run, rank, count, most == 0 ? Long.MAX_VALUE : most);
    }

    private int search(CommandRun run, long rank, long count, long most) {
        Arguments arguments = run.arguments;
        int mark = run.reply.mark();
        if (count >= 0) {
            run.reply.array(0);
        }
        boolean backwards = rank < 0;
        long size = source.size();
        long toSkip = Math.abs(rank) - 1;
        int found = 0;
        for (long i = 0; i < Math.min(size, most); i++) {
            long index = backwards ? size - 1 - i : i;
            if (!source.valueEquals(
                    index, arguments.bytes(), arguments.offset(1), arguments.length(1))) {
                continue;
            }
            if (toSkip > 0) {
                toSkip--;
                continue;
            }
            run.reply.integer(index);
            found++;
            if (count < 0 || found == count) {
                break;
            }
        }
        if (count >= 0) {
            run.reply.endAggregate(mark, found);
        } else if (found == 0) {
            run.reply.nil();
        }
        return Outcome.DONE;
    }
}
