package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import java.util.ArrayList;
import java.util.List;

/** Commands on ranges of sorted sets: answered, counted, stored, removed. */
@CoreOwned
final class SortedRangeCommands {
    private final Elements elements;
    private final Elements target;
    private final SortedView view;

    SortedRangeCommands(Elements elements, Elements target) {
        this.elements = elements;
        this.target = target;
        view = new SortedView(elements);
    }

    /** ZRANGE and its older forms. */
    int range(CommandRun run) {
        RangeOptions options = RangeOptions.read(run, 3);
        return range(run, options, 0);
    }

    int rangeAndStore(CommandRun run) {
        RangeOptions options = RangeOptions.read(run, 4);
        return range(run, options, 1);
    }

    private int range(CommandRun run, RangeOptions options, int source) {
        if (!options.error().isEmpty()) {
            return run.error(options.error());
        }
        SortedRange range = new SortedRange(run);
        // Backwards, scores and members are given with the greater one first.
        boolean swapped = options.backwards() && options.by() != SortedRange.By.RANK;
        int min = swapped ? source + 2 : source + 1;
        int max = swapped ? source + 1 : source + 2;
        String wrong = range.read(options.by(), min, max);
        if (!wrong.isEmpty()) {
            return run.error(wrong);
        }
        if (!elements.open(run, source, ValueType.SORTED_SET)) {
            return run.wrongType();
        }
        view.open(run);
        if (options.backwards()) {
            range.resolveFromEnd(view);
        } else {
            range.resolve(view);
        }
        long skipped = options.offset();
        long size = range.to() - range.from();
        long count = skipped < 0 || skipped > size ? 0 : size - skipped;
        if (options.limit() >= 0) {
            count = Math.min(count, options.limit());
        }
        long first = options.backwards() ? range.to() - 1 - skipped : range.from() + skipped;
        return source == 0 ? answer(run, first, count, options) : store(run, first, count, options);
    }

    private int answer(CommandRun run, long first, long count, RangeOptions options) {
        if (options.withScores()) {
            run.reply.pairs((int) count);
        } else {
            run.reply.array((int) count);
        }
        for (long i = 0; i < count; i++) {
            view.present(options.backwards() ? first - i : first + i);
            if (options.withScores()) {
                run.reply.pair();
            }
            elements.answerElement(run.reply);
            if (options.withScores()) {
                run.reply.number(elements.score());
            }
        }
        return Outcome.DONE;
    }

    private int store(CommandRun run, long first, long count, RangeOptions options) {
        target.openReplacing(run, 0, ValueType.SORTED_SET);
        for (long i = 0; i < count; i++) {
            view.present(options.backwards() ? first - i : first + i);
            byte[] member = elements.copyElement();
            target.putScore(member, 0, member.length, elements.score());
        }
        target.finish();
        return run.integer(count);
    }

    /** ZCOUNT, ZLEXCOUNT. */
    int count(CommandRun run, SortedRange.By by) {
        SortedRange range = new SortedRange(run);
        String wrong = range.read(by, 1, 2);
        if (!wrong.isEmpty()) {
            return run.error(wrong);
        }
        if (!elements.open(run, 0, ValueType.SORTED_SET)) {
            return run.wrongType();
        }
        view.open(run);
        range.resolve(view);
        return run.integer(range.to() - range.from());
    }

    /** ZREMRANGEBYRANK, ZREMRANGEBYSCORE, ZREMRANGEBYLEX. */
    int remove(CommandRun run, SortedRange.By by) {
        SortedRange range = new SortedRange(run);
        String wrong = range.read(by, 1, 2);
        if (!wrong.isEmpty()) {
            return run.error(wrong);
        }
        if (!elements.open(run, 0, ValueType.SORTED_SET)) {
            return run.wrongType();
        }
        view.open(run);
        range.resolve(view);
        for (byte[] member : members(range.from(), range.to())) {
            elements.remove(member, 0, member.length);
        }
        elements.finish();
        return run.integer(range.to() - range.from());
    }

    private List<byte[]> members(long from, long to) {
        List<byte[]> members = new ArrayList<>();
        for (long i = from; i < to; i++) {
            view.present(i);
            members.add(elements.copyElement());
        }
        return members;
    }

    /** ZPOPMIN, ZPOPMAX. */
    int pop(CommandRun run) {
        boolean least = run.call.command == Command.ZPOPMIN;
        if (run.count() > 2) {
            return run.error(CommandErrors.SYNTAX);
        }
        boolean counted = run.count() == 2;
        if (counted && (!run.parsed.isInteger(run.arguments, 1) || run.parsed.integer() < 0)) {
            return run.error(CommandErrors.NOT_POSITIVE);
        }
        long wanted = counted ? run.parsed.integer() : 1;
        if (!elements.open(run, 0, ValueType.SORTED_SET)) {
            return run.wrongType();
        }
        view.open(run);
        int count = (int) Math.min(wanted, view.size());
        if (counted) {
            run.reply.pairs(count);
        } else {
            run.reply.array(2 * count);
        }
        take(run, count, least, counted, false);
        return Outcome.DONE;
    }

    /** The least or greatest member and its score, of the sorted set that is open. */
    void takeOne(CommandRun run, boolean least) {
        view.open(run);
        take(run, 1, least, false, false);
    }

    /** ZMPOP and BZMPOP; {@code number} is the argument that says how many keys there are. */
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
        boolean least = arguments.isWord(at, "MIN");
        if (!least && !arguments.isWord(at, "MAX")) {
            return run.error(CommandErrors.SYNTAX);
        }
        long wanted = 1;
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
            wanted = run.parsed.integer();
        }
        String wrong = BlockingPops.wrongTime(run);
        if (!wrong.isEmpty()) {
            return run.error(wrong);
        }
        for (int i = first; i < at; i++) {
            if (BlockingPops.isPassedOver(run, i - first)) {
                continue;
            }
            if (!elements.open(run, i, ValueType.SORTED_SET)) {
                if (BlockingPops.hasWaited(run)) {
                    continue;
                }
                return run.wrongType();
            }
            if (elements.exists()) {
                view.open(run);
                int count = (int) Math.min(wanted, view.size());
                run.reply.array(2);
                BlockingPops.answerKey(run, i);
                run.reply.array(count);
                take(run, count, least, false, true);
                return Outcome.DONE;
            }
        }
        run.reply.nullArray();
        return Outcome.DONE;
    }

    /** Answers members from one end and takes them out. */
    private void take(CommandRun run, int count, boolean least, boolean pairs, boolean nested) {
        long size = view.size();
        for (int i = 0; i < count; i++) {
            view.present(least ? i : size - 1 - i);
            if (nested) {
                run.reply.array(2);
            } else if (pairs) {
                run.reply.pair();
            }
            elements.answerElement(run.reply);
            run.reply.number(elements.score());
        }
        List<byte[]> members = least ? members(0, count) : members(size - count, size);
        for (byte[] member : members) {
            elements.remove(member, 0, member.length);
        }
        elements.finish();
    }
}
