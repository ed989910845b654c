package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import java.util.List;
import java.util.SplittableRandom;

/** Commands on members of sets. */
@CoreOwned
final class SetCommands {
    private static final byte[] NO_VALUE = {};

    private final Elements elements;
    private final Elements target;
    private final RandomElements random;

    SetCommands(Elements elements, Elements target) {
        this.elements = elements;
        this.target = target;
        random = new RandomElements(elements);
    }

    int add(CommandRun run) {
        int refused = ElementLimits.check(run, 1, 1);
        if (refused != Outcome.DONE) {
            return refused;
        }
        if (!elements.open(run, 0, ValueType.SET)) {
            return run.wrongType();
        }
        int added = 0;
        for (int i = 1; i < run.count(); i++) {
            if (!elements.find(i)) {
                added++;
                put(elements, run, i);
            }
        }
        elements.finish();
        return run.integer(added);
    }

    private static void put(Elements into, CommandRun run, int member) {
        into.put(
                run.arguments.bytes(),
                run.arguments.offset(member),
                run.arguments.length(member),
                NO_VALUE,
                0,
                0,
                0);
    }

    int remove(CommandRun run) {
        if (!elements.open(run, 0, ValueType.SET)) {
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

    int isMember(CommandRun run) {
        if (!elements.open(run, 0, ValueType.SET)) {
            return run.wrongType();
        }
        return run.integer(elements.find(1) ? 1 : 0);
    }

    int areMembers(CommandRun run) {
        if (!elements.open(run, 0, ValueType.SET)) {
            return run.wrongType();
        }
        run.reply.array(run.count() - 1);
        for (int i = 1; i < run.count(); i++) {
            run.reply.integer(elements.find(i) ? 1 : 0);
        }
        return Outcome.DONE;
    }

    int count(CommandRun run) {
        return elements.open(run, 0, ValueType.SET)
                ? run.integer(elements.count())
                : run.wrongType();
    }

    int pop(CommandRun run) {
        if (run.count() > 2) {
            return run.error(CommandErrors.SYNTAX);
        }
        boolean counted = run.count() == 2;
        if (counted && (!run.parsed.isInteger(run.arguments, 1) || run.parsed.integer() < 0)) {
            return run.error(CommandErrors.NOT_POSITIVE);
        }
        long count = counted ? run.parsed.integer() : 1;
        if (!elements.open(run, 0, ValueType.SET)) {
            return run.wrongType();
        }
        SplittableRandom lots = new SplittableRandom(run.call.seed);
        List<byte[]> drawn = random.distinct(count, lots);
        if (counted) {
            run.reply.set(drawn.size());
        } else if (drawn.isEmpty()) {
            run.reply.nil();
        }
        for (byte[] member : drawn) {
            run.reply.bulk(member);
            elements.remove(member, 0, member.length);
        }
        elements.finish();
        return Outcome.DONE;
    }

    int move(CommandRun run) {
        int refused = ElementLimits.check(run, 2, 1);
        if (refused != Outcome.DONE) {
            return refused;
        }
        if (!elements.open(run, 0, ValueType.SET)) {
            return run.wrongType();
        }
        if (!elements.exists()) {
            return run.integer(0);
        }
        if (!target.open(run, 1, ValueType.SET)) {
            return run.wrongType();
        }
        boolean there = elements.find(2);
        if (!there || run.sameKey(0, 1)) {
            return run.integer(there ? 1 : 0);
        }
        elements.remove(run.arguments.bytes(), run.arguments.offset(2), run.arguments.length(2));
        elements.finish();
        if (!target.find(2)) {
            put(target, run, 2);
            target.finish();
        }
        return run.integer(1);
    }
}
