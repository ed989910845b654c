package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import java.util.Arrays;

/** Intersections, unions and differences of sets, answered, counted or stored. */
@CoreOwned
final class SetAlgebra {
    private static final byte[] NO_VALUE = {};

    private final ElementsPool pool;
    private final Elements target;

    SetAlgebra(ElementsPool pool, Elements target) {
        this.pool = pool;
        this.target = target;
    }

    int intersect(CommandRun run) {
        return answer(run, openAll(run, 0, run.count()) && intersects(run, 0));
    }

    int unite(CommandRun run) {
        return answer(run, openAll(run, 0, run.count()) && unites(run, 0));
    }

    int subtract(CommandRun run) {
        return answer(run, openAll(run, 0, run.count()) && subtracts(run, 0));
    }

    int intersectAndStore(CommandRun run) {
        return store(run, openAll(run, 1, run.count()) && intersects(run, 1));
    }

    int uniteAndStore(CommandRun run) {
        return store(run, openAll(run, 1, run.count()) && unites(run, 1));
    }

    int subtractAndStore(CommandRun run) {
        return store(run, openAll(run, 1, run.count()) && subtracts(run, 1));
    }

    /** SINTERCARD. */
    int countIntersection(CommandRun run) {
        KeyCount keys = KeyCount.read(run, 0);
        if (!keys.error().isEmpty()) {
            return run.error(keys.error());
        }
        int end = 1 + keys.count();
        long limit = 0;
        for (int i = end; i < run.count(); i += 2) {
            if (i + 1 == run.count() || !run.arguments.isWord(i, "LIMIT")) {
                return run.error(CommandErrors.SYNTAX);
            }
            if (!run.parsed.isInteger(run.arguments, i + 1) || run.parsed.integer() < 0) {
                return run.error("ERR LIMIT can't be negative");
            }
            limit = run.parsed.integer();
        }
        if (!openAll(run, 1, end)) {
            return run.wrongType();
        }
        int keyCount = keys.count();
        int smallest = smallest(keyCount);
        Elements walked = pool.get(smallest);
        long common = 0;
        if (allExist(keyCount)) {
            walked.rewind();
            while (walked.next() && (limit == 0 || common < limit)) {
                common += isInAllOthers(walked, smallest, keyCount) ? 1 : 0;
            }
        }
        pool.trim();
        return run.integer(common);
    }

    /** Opens the sets that arguments name; false when one is something else. */
    private boolean openAll(CommandRun run, int first, int end) {
        boolean areSets = true;
        for (int i = first; i < end && areSets; i++) {
            areSets = pool.get(i - first).open(run, i, ValueType.SET);
        }
        // Collected first: the sets themselves may be replaced.
        target.openReplacing(run, 0, ValueType.SET);
        return areSets;
    }

    private boolean allExist(int keys) {
        for (int i = 0; i < keys; i++) {
            if (!pool.get(i).exists()) {
                return false;
            }
        }
        return true;
    }

    private int smallest(int keys) {
        int smallest = 0;
        for (int i = 1; i < keys; i++) {
            if (pool.get(i).count() < pool.get(smallest).count()) {
                smallest = i;
            }
        }
        return smallest;
    }

    private boolean isInAllOthers(Elements walked, int number, int keys) {
        byte[] member = walked.element();
        for (int i = 0; i < keys; i++) {
            if (i != number
                    && !pool.get(i).find(member, walked.elementFrom(), walked.elementLength())) {
                return false;
            }
        }
        return true;
    }

    private boolean intersects(CommandRun run, int first) {
        int keys = run.count() - first;
        if (allExist(keys)) {
            int smallest = smallest(keys);
            Elements walked = pool.get(smallest);
            walked.rewind();
            while (walked.next()) {
                if (isInAllOthers(walked, smallest, keys)) {
                    collect(walked);
                }
            }
        }
        return true;
    }

    private boolean unites(CommandRun run, int first) {
        for (int i = 0; i < run.count() - first; i++) {
            Elements walked = pool.get(i);
            walked.rewind();
            while (walked.next()) {
                collect(walked);
            }
        }
        return true;
    }

    private boolean subtracts(CommandRun run, int first) {
        int keys = run.count() - first;
        Elements walked = pool.get(0);
        walked.rewind();
        while (walked.next()) {
            boolean elsewhere = false;
            byte[] member = walked.element();
            for (int i = 1; i < keys && !elsewhere; i++) {
                elsewhere = pool.get(i).find(member, walked.elementFrom(), walked.elementLength());
            }
            if (!elsewhere) {
                collect(walked);
            }
        }
        return true;
    }

    private void collect(Elements walked) {
        byte[] member = walked.element();
        int from = walked.elementFrom();
        int length = walked.elementLength();
        if (!target.find(member, from, length)) {
            byte[] copy = Arrays.copyOfRange(member, from, from + length);
            target.put(copy, 0, length, NO_VALUE, 0, 0, 0);
        }
    }

    private int answer(CommandRun run, boolean areSets) {
        pool.trim();
        if (!areSets) {
            return run.wrongType();
        }
        run.reply.set((int) target.count());
        target.rewind();
        while (target.next()) {
            target.answerElement(run.reply);
        }
        return Outcome.DONE;
    }

    private int store(CommandRun run, boolean areSets) {
        pool.trim();
        if (!areSets) {
            return run.wrongType();
        }
        target.finish();
        return run.integer(target.count());
    }
}
