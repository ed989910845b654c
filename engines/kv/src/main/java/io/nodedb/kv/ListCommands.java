package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Arguments;

/** Commands on single lists. */
@CoreOwned
final class ListCommands {
    private final ListElements list;

    ListCommands(ListElements list) {
        this.list = list;
    }

    int pushFirst(CommandRun run, boolean onlyExisting) {
        int refused = ElementLimits.checkValues(run);
        if (refused != Outcome.DONE) {
            return refused;
        }
        if (!list.open(run, 0)) {
            return run.wrongType();
        }
        if (onlyExisting && !list.exists()) {
            return run.integer(0);
        }
        Arguments arguments = run.arguments;
        for (int i = 1; i < run.count(); i++) {
            list.pushFirst(arguments.bytes(), arguments.offset(i), arguments.length(i));
        }
        list.finish();
        return run.integer(list.count());
    }

    int pushLast(CommandRun run, boolean onlyExisting) {
        int refused = ElementLimits.checkValues(run);
        if (refused != Outcome.DONE) {
            return refused;
        }
        if (!list.open(run, 0)) {
            return run.wrongType();
        }
        if (onlyExisting && !list.exists()) {
            return run.integer(0);
        }
        Arguments arguments = run.arguments;
        for (int i = 1; i < run.count(); i++) {
            list.pushLast(arguments.bytes(), arguments.offset(i), arguments.length(i));
        }
        list.finish();
        return run.integer(list.count());
    }

    int pop(CommandRun run, boolean first) {
        if (run.count() > 2) {
            return run.wrongArguments();
        }
        boolean counted = run.count() == 2;
        if (counted && (!run.parsed.isInteger(run.arguments, 1) || run.parsed.integer() < 0)) {
            return run.error(CommandErrors.NOT_POSITIVE);
        }
        long wanted = counted ? run.parsed.integer() : 1;
        if (!list.open(run, 0)) {
            return run.wrongType();
        }
        if (!list.exists()) {
            if (counted) {
                run.reply.nullArray();
            } else {
                run.reply.nil();
            }
            return Outcome.DONE;
        }
        if (counted) {
            run.reply.array((int) Math.min(wanted, list.count()));
        }
        take(run, list, wanted, first);
        return Outcome.DONE;
    }

    /** Answers elements from one end and takes them out. */
    static void take(CommandRun run, ListElements from, long wanted, boolean first) {
        long size = from.size();
        long count = Math.min(wanted, size);
        for (long i = 0; i < count; i++) {
            from.answer(first ? i : size - 1 - i, run.reply);
        }
        if (count > 0) {
            from.remove(first ? 0 : size - count, first ? count : size);
            from.finish();
        }
    }

    int length(CommandRun run) {
        return list.open(run, 0) ? run.integer(list.count()) : run.wrongType();
    }

    int index(CommandRun run) {
        if (!list.open(run, 0)) {
            return run.wrongType();
        }
        if (!list.exists()) {
            return run.nil();
        }
        if (!run.parsed.isInteger(run.arguments, 1)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long index = run.parsed.integer();
        index += index < 0 ? list.size() : 0;
        if (index < 0 || index >= list.size()) {
            return run.nil();
        }
        list.answer(index, run.reply);
        return Outcome.DONE;
    }

    int set(CommandRun run) {
        int refused = ElementLimits.checkValues(run);
        if (refused != Outcome.DONE) {
            return refused;
        }
        if (!list.open(run, 0)) {
            return run.wrongType();
        }
        if (!list.exists()) {
            return run.error(CommandErrors.NO_SUCH_KEY);
        }
        if (!run.parsed.isInteger(run.arguments, 1)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long index = run.parsed.integer();
        index += index < 0 ? list.size() : 0;
        if (index < 0 || index >= list.size()) {
            return run.error("ERR index out of range");
        }
        Arguments arguments = run.arguments;
        list.set(index, arguments.bytes(), arguments.offset(2), arguments.length(2));
        list.finish();
        return run.ok();
    }

    int range(CommandRun run) {
        if (!run.parsed.isInteger(run.arguments, 1)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long start = run.parsed.integer();
        if (!run.parsed.isInteger(run.arguments, 2)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long stop = run.parsed.integer();
        if (!list.open(run, 0)) {
            return run.wrongType();
        }
        IndexRange range = IndexRange.of(start, stop, list.size());
        run.reply.array((int) range.count());
        for (long i = range.from(); i < range.to(); i++) {
            list.answer(i, run.reply);
        }
        return Outcome.DONE;
    }

    int trim(CommandRun run) {
        if (!run.parsed.isInteger(run.arguments, 1)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long start = run.parsed.integer();
        if (!run.parsed.isInteger(run.arguments, 2)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long stop = run.parsed.integer();
        if (!list.open(run, 0)) {
            return run.wrongType();
        }
        long size = list.size();
        IndexRange kept = IndexRange.of(start, stop, size);
        if (kept.to() < size) {
            list.remove(kept.to(), size);
        }
        if (kept.from() > 0) {
            list.remove(0, kept.from());
        }
        list.finish();
        return run.ok();
    }

    int remove(CommandRun run) {
        if (!run.parsed.isInteger(run.arguments, 1)) {
            return run.error(CommandErrors.NOT_AN_INTEGER);
        }
        long count = run.parsed.integer();
        if (!list.open(run, 0)) {
            return run.wrongType();
        }
        boolean backwards = count < 0;
        long most = count == 0 || count == Long.MIN_VALUE ? Long.MAX_VALUE : Math.abs(count);
        long removed = 0;
        long at = backwards ? list.size() - 1 : 0;
        while (at >= 0 && at < list.size() && removed < most) {
            if (isArgument(run, at, 2)) {
                boolean packed = list.isPacked();
                list.remove(at, at + 1);
                removed++;
                at += backwards ? -1 : packed ? 0 : 1;
            } else {
                at += backwards ? -1 : 1;
            }
        }
        list.finish();
        return run.integer(removed);
    }

    private boolean isArgument(CommandRun run, long index, int argument) {
        Arguments arguments = run.arguments;
        return list.valueEquals(
                index, arguments.bytes(), arguments.offset(argument), arguments.length(argument));
    }

    int insert(CommandRun run) {
        int refused = ElementLimits.checkValues(run);
        if (refused != Outcome.DONE) {
            return refused;
        }
        boolean after = run.arguments.isWord(1, "AFTER");
        if (!after && !run.arguments.isWord(1, "BEFORE")) {
            return run.error(CommandErrors.SYNTAX);
        }
        if (!list.open(run, 0)) {
            return run.wrongType();
        }
        if (!list.exists()) {
            return run.integer(0);
        }
        long pivot = 0;
        while (pivot < list.size() && !isArgument(run, pivot, 2)) {
            pivot++;
        }
        if (pivot == list.size()) {
            return run.integer(-1);
        }
        long index = after ? pivot + 1 : pivot;
        Arguments arguments = run.arguments;
        byte[] bytes = arguments.bytes();
        int from = arguments.offset(3);
        int length = arguments.length(3);
        if (index == 0) {
            list.pushFirst(bytes, from, length);
        } else if (index == list.size()) {
            list.pushLast(bytes, from, length);
        } else {
            list.insert(index, bytes, from, length);
        }
        list.finish();
        return run.integer(list.count());
    }
}
