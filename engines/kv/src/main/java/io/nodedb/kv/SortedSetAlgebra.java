package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Command;
import java.util.Arrays;

/**
 * Unions, intersections and differences of sorted sets and sets, answered, counted or stored. Keys
 * are combined in the order of their sizes, because sums of fractions depend on it.
 */
@CoreOwned
final class SortedSetAlgebra {
    private final ElementsPool pool;
    private final Elements target;
    private final SortedView view;
    private Integer[] bySize = {};
    private AlgebraOptions options = AlgebraOptions.wrong("");

    SortedSetAlgebra(ElementsPool pool, Elements target) {
        this.pool = pool;
        this.target = target;
        view = new SortedView(target);
    }

    int unite(CommandRun run) {
        String wrong = open(run);
        if (!wrong.isEmpty()) {
            return run.error(wrong);
        }
        for (int number : bySize) {
            Elements walked = pool.get(number);
            walked.rewind();
            while (walked.next()) {
                double score = weighted(walked.score(), number);
                if (target.find(walked.element(), walked.elementFrom(), walked.elementLength())) {
                    score = options.combine(target.score(), score);
                }
                collect(walked, score);
            }
        }
        return finish(run);
    }

    int intersect(CommandRun run) {
        String wrong = open(run);
        if (!wrong.isEmpty()) {
            return run.error(wrong);
        }
        boolean counts = run.call.command == Command.ZINTERCARD;
        int smallest = bySize[0];
        Elements walked = pool.get(smallest);
        long common = 0;
        walked.rewind();
        while (walked.next() && (options.limit() == 0 || common < options.limit())) {
            double score = weighted(walked.score(), smallest);
            boolean everywhere = true;
            byte[] member = walked.element();
            for (int i = 1; i < bySize.length && everywhere; i++) {
                Elements other = pool.get(bySize[i]);
                everywhere = other.find(member, walked.elementFrom(), walked.elementLength());
                if (everywhere) {
                    score = options.combine(score, weighted(other.score(), bySize[i]));
                }
            }
            if (everywhere) {
                common++;
                if (!counts) {
                    collect(walked, score);
                }
            }
        }
        if (counts) {
            pool.trim();
            return run.integer(common);
        }
        return finish(run);
    }

    int subtract(CommandRun run) {
        String wrong = open(run);
        if (!wrong.isEmpty()) {
            return run.error(wrong);
        }
        Elements walked = pool.get(0);
        walked.rewind();
        while (walked.next()) {
            boolean elsewhere = false;
            byte[] member = walked.element();
            for (int i = 1; i < options.keys() && !elsewhere; i++) {
                elsewhere = pool.get(i).find(member, walked.elementFrom(), walked.elementLength());
            }
            if (!elsewhere) {
                collect(walked, walked.score());
            }
        }
        return finish(run);
    }

    /** Opens all keys and reads the options; what is wrong, empty when nothing is. */
    private String open(CommandRun run) {
        int numberAt = AlgebraOptions.stores(run.call.command) ? 1 : 0;
        int keys = AlgebraOptions.keys(run, numberAt);
        if (keys <= 0) {
            return AlgebraOptions.wrongKeys(run, numberAt);
        }
        for (int i = 0; i < keys; i++) {
            if (!pool.get(i).openScored(run, numberAt + 1 + i)) {
                return CommandErrors.WRONG_TYPE;
            }
        }
        options = AlgebraOptions.read(run, numberAt, keys);
        target.openReplacing(run, 0, ValueType.SORTED_SET);
        bySize = new Integer[keys];
        Arrays.setAll(bySize, number -> number);
        Arrays.sort(
                bySize,
                (one, other) -> Long.compare(pool.get(one).count(), pool.get(other).count()));
        return options.error();
    }

    private double weighted(double score, int number) {
        double weighted = options.weights()[number] * score;
        return Double.isNaN(weighted) ? 0 : weighted;
    }

    private void collect(Elements walked, double score) {
        byte[] member = walked.copyElement();
        target.putScore(member, 0, member.length, score);
    }

    private int finish(CommandRun run) {
        pool.trim();
        if (AlgebraOptions.stores(run.call.command)) {
            target.finish();
            return run.integer(target.count());
        }
        view.open(run);
        int count = (int) view.size();
        if (options.withScores()) {
            run.reply.pairs(count);
        } else {
            run.reply.array(count);
        }
        for (int i = 0; i < count; i++) {
            view.present(i);
            if (options.withScores()) {
                run.reply.pair();
            }
            target.answerElement(run.reply);
            if (options.withScores()) {
                run.reply.number(target.score());
            }
        }
        return Outcome.DONE;
    }
}
