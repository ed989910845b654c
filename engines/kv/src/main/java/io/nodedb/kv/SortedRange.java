package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.plan.kv.command.Arguments;

/** A range of a sorted set as commands give it: by rank, by score or by member. */
@CoreOwned
final class SortedRange {
    /** What a range's ends are. */
    enum By {
        RANK,
        SCORE,
        MEMBER
    }

    static final String NOT_SCORES = "ERR min or max is not a float";
    static final String NOT_MEMBERS = "ERR min or max not valid string range item";

    private final CommandRun run;
    private By by = By.RANK;
    private long low;
    private long high;
    private int minArgument;
    private int maxArgument;
    private long from;
    private long to;

    SortedRange(CommandRun run) {
        this.run = run;
    }

    /** Reads both ends from arguments; what is wrong, empty when nothing is. */
    String read(By newBy, int min, int max) {
        by = newBy;
        minArgument = min;
        maxArgument = max;
        return switch (newBy) {
            case RANK -> {
                if (!run.parsed.isInteger(run.arguments, min)) {
                    yield CommandErrors.NOT_AN_INTEGER;
                }
                low = run.parsed.integer();
                if (!run.parsed.isInteger(run.arguments, max)) {
                    yield CommandErrors.NOT_AN_INTEGER;
                }
                high = run.parsed.integer();
                yield "";
            }
            case SCORE -> {
                if (!readScore(min)) {
                    yield NOT_SCORES;
                }
                // In sort keys, the next number is one more.
                low = ScoreOrder.sortOf(run.parsed.number()) + (isExclusive(min) ? 1 : 0);
                if (!readScore(max)) {
                    yield NOT_SCORES;
                }
                high = ScoreOrder.sortOf(run.parsed.number()) + (isExclusive(max) ? 0 : 1);
                yield "";
            }
            case MEMBER -> isMember(min) && isMember(max) ? "" : NOT_MEMBERS;
        };
    }

    private boolean readScore(int argument) {
        Arguments arguments = run.arguments;
        int skipped = isExclusive(argument) ? 1 : 0;
        return run.parsed.isEnd(
                arguments.bytes(),
                arguments.offset(argument) + skipped,
                arguments.length(argument) - skipped);
    }

    private boolean isExclusive(int argument) {
        return first(argument) == '(';
    }

    private int first(int argument) {
        Arguments arguments = run.arguments;
        return arguments.length(argument) == 0 ? 0 : arguments.bytes()[arguments.offset(argument)];
    }

    private boolean isMember(int argument) {
        int first = first(argument);
        return first == '('
                || first == '['
                || ((first == '-' || first == '+') && run.arguments.length(argument) == 1);
    }

    /** Finds the ranks from {@link #from} to before {@link #to}. */
    void resolve(SortedView view) {
        switch (by) {
            case RANK -> {
                IndexRange range = IndexRange.of(low, high, view.size());
                from = range.from();
                to = range.to();
            }
            case SCORE -> {
                from = view.countBelow(low);
                to = view.countBelow(high);
            }
            case MEMBER -> {
                from = rankOf(view, minArgument, true);
                to = rankOf(view, maxArgument, false);
            }
        }
        to = Math.max(from, to);
    }

    /** As {@link #resolve}, counted from the end: rank 0 is the last member. */
    void resolveFromEnd(SortedView view) {
        resolve(view);
        if (by == By.RANK) {
            long first = view.size() - to;
            to = view.size() - from;
            from = first;
        }
    }

    private long rankOf(SortedView view, int argument, boolean isMin) {
        int first = first(argument);
        if (first == '-') {
            return 0;
        }
        if (first == '+') {
            return view.size();
        }
        boolean orEqual = isMin == (first == '(');
        Arguments arguments = run.arguments;
        return view.countBelow(
                arguments.bytes(),
                arguments.offset(argument) + 1,
                arguments.length(argument) - 1,
                orEqual);
    }

    long from() {
        return from;
    }

    long to() {
        return to;
    }
}
