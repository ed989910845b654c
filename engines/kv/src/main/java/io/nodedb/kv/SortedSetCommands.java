package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Arguments;

/** Commands on single members of sorted sets. */
@CoreOwned
final class SortedSetCommands {
    private static final String NOT_A_NUMBER = "ERR resulting score is not a number (NaN)";

    private final Elements elements;
    private final SortedView view;
    private double[] scores = new double[16];

    SortedSetCommands(Elements elements) {
        this.elements = elements;
        view = new SortedView(elements);
    }

    int add(CommandRun run) {
        AddOptions options = AddOptions.read(run.arguments);
        if (!options.error().isEmpty()) {
            return run.error(options.error());
        }
        return add(run, options);
    }

    /** ZINCRBY. */
    int increment(CommandRun run) {
        // As in Redis, where an option of ZADD is read as one here, too, and leaves no pair.
        return AddOptions.isOption(run.arguments, 1)
                ? run.error(CommandErrors.SYNTAX)
                : add(run, AddOptions.INCREMENT);
    }

    private int add(CommandRun run, AddOptions options) {
        int first = options.end();
        int refused = ElementLimits.check(run, first + 1, 2);
        if (refused != Outcome.DONE) {
            return refused;
        }
        int pairs = (run.count() - first) / 2;
        if (scores.length < pairs || scores.length > 1024) {
            scores = new double[Math.max(16, pairs)];
        }
        for (int i = 0; i < pairs; i++) {
            if (!run.parsed.isNumber(run.arguments, first + 2 * i)) {
                return run.error(CommandErrors.NOT_A_FLOAT);
            }
            scores[i] = run.parsed.number();
        }
        if (!elements.open(run, 0, ValueType.SORTED_SET)) {
            return run.wrongType();
        }
        int added = 0;
        int changed = 0;
        boolean skipped = false;
        double score = 0;
        for (int i = 0; i < pairs; i++) {
            boolean there = elements.find(first + 2 * i + 1);
            double before = there ? elements.score() : 0;
            score = options.increments() && there ? before + scores[i] : scores[i];
            if (Double.isNaN(score)) {
                return run.error(NOT_A_NUMBER);
            }
            skipped = there ? !options.updates(before, score) : options.onlyExisting();
            if (skipped) {
                continue;
            }
            added += there ? 0 : 1;
            if (!there || score != before) {
                changed++;
                put(run, first + 2 * i + 1, score);
            }
        }
        elements.finish();
        if (!options.increments()) {
            return run.integer(options.tellsChanged() ? changed : added);
        }
        if (skipped) {
            return run.nil();
        }
        run.reply.number(score);
        return Outcome.DONE;
    }

    private void put(CommandRun run, int member, double score) {
        Arguments arguments = run.arguments;
        elements.putScore(
                arguments.bytes(), arguments.offset(member), arguments.length(member), score);
    }

    int remove(CommandRun run) {
        if (!open(run)) {
            return run.wrongType();
        }
        int removed = 0;
        for (int i = 1; i < run.count(); i++) {
            if (elements.find(i)) {
                removed++;
                elements.remove(
                        run.arguments.bytes(), run.arguments.offset(i), run.arguments.length(i));
            }
        }
        elements.finish();
        return run.integer(removed);
    }

    int score(CommandRun run) {
        if (!open(run)) {
            return run.wrongType();
        }
        answerScore(run, 1);
        return Outcome.DONE;
    }

    int scores(CommandRun run) {
        if (!open(run)) {
            return run.wrongType();
        }
        run.reply.array(run.count() - 1);
        for (int i = 1; i < run.count(); i++) {
            answerScore(run, i);
        }
        return Outcome.DONE;
    }

    private void answerScore(CommandRun run, int member) {
        if (elements.find(member)) {
            run.reply.number(elements.score());
        } else {
            run.reply.nil();
        }
    }

    int count(CommandRun run) {
        return open(run) ? run.integer(elements.count()) : run.wrongType();
    }

    /** ZRANK and ZREVRANK. */
    int rank(CommandRun run, boolean fromEnd) {
        if (!open(run)) {
            return run.wrongType();
        }
        if (!elements.exists() || !elements.find(1)) {
            return run.nil();
        }
        view.open(run);
        long rank = view.rankOfPresent();
        return run.integer(fromEnd ? view.size() - 1 - rank : rank);
    }

    private boolean open(CommandRun run) {
        return elements.open(run, 0, ValueType.SORTED_SET);
    }
}
