package io.nodedb.kv;

import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;

/**
 * How a command asks for a range of a sorted set.
 *
 * @param limit most members; negative for all
 * @param error what is wrong; empty when nothing is
 */
record RangeOptions(
        SortedRange.By by,
        boolean backwards,
        boolean withScores,
        long offset,
        long limit,
        String error) {
    /** Reads the options, which begin at an argument. */
    static RangeOptions read(CommandRun run, int first) {
        Arguments arguments = run.arguments;
        Command command = run.call.command;
        boolean free = command == Command.ZRANGE || command == Command.ZRANGESTORE;
        SortedRange.By by = byOf(command);
        boolean backwards = isBackwards(command);
        boolean withScores = false;
        long offset = 0;
        long limit = -1;
        for (int i = first; i < arguments.count(); i++) {
            int more = arguments.count() - i - 1;
            if (command != Command.ZRANGESTORE && arguments.isWord(i, "WITHSCORES")) {
                withScores = true;
            } else if (arguments.isWord(i, "LIMIT") && more >= 2) {
                if (!run.parsed.isInteger(arguments, i + 1)) {
                    return wrong(CommandErrors.NOT_AN_INTEGER);
                }
                offset = run.parsed.integer();
                if (!run.parsed.isInteger(arguments, i + 2)) {
                    return wrong(CommandErrors.NOT_AN_INTEGER);
                }
                limit = run.parsed.integer();
                i += 2;
            } else if (free && arguments.isWord(i, "REV")) {
                backwards = true;
            } else if (free && arguments.isWord(i, "BYLEX")) {
                by = SortedRange.By.MEMBER;
            } else if (free && arguments.isWord(i, "BYSCORE")) {
                by = SortedRange.By.SCORE;
            } else {
                return wrong(CommandErrors.SYNTAX);
            }
        }
        if (limit != -1 && by == SortedRange.By.RANK) {
            return wrong(
                    "ERR syntax error, LIMIT is only supported in combination with either BYSCORE"
                            + " or BYLEX");
        }
        if (by == SortedRange.By.RANK) {
            // Without a limit the offset means nothing there.
            offset = 0;
        }
        if (withScores && by == SortedRange.By.MEMBER) {
            return wrong("ERR syntax error, WITHSCORES not supported in combination with BYLEX");
        }
        return new RangeOptions(by, backwards, withScores, offset, limit, "");
    }

    private static SortedRange.By byOf(Command command) {
        if (command == Command.ZRANGEBYSCORE || command == Command.ZREVRANGEBYSCORE) {
            return SortedRange.By.SCORE;
        }
        return command == Command.ZRANGEBYLEX || command == Command.ZREVRANGEBYLEX
                ? SortedRange.By.MEMBER
                : SortedRange.By.RANK;
    }

    private static boolean isBackwards(Command command) {
        return command == Command.ZREVRANGE
                || command == Command.ZREVRANGEBYSCORE
                || command == Command.ZREVRANGEBYLEX;
    }

    private static RangeOptions wrong(String error) {
        return new RangeOptions(SortedRange.By.RANK, false, false, 0, -1, error);
    }
}
