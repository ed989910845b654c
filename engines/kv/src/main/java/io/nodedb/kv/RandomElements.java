package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.Outcome;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

/** Elements drawn by lot: HRANDFIELD, SRANDMEMBER, ZRANDMEMBER, and what SPOP takes. */
@CoreOwned
final class RandomElements {
    /** A draw of less than this part of a structure tries its luck; others walk over all of it. */
    private static final int SMALL_PART = 4;

    private final Elements elements;

    RandomElements(Elements elements) {
        this.elements = elements;
    }

    /**
     * One element, or {@code count} of them, without repetition or, when negative, with it.
     *
     * @param withWord what asks for values as well; empty when nothing does
     */
    int draw(CommandRun run, ValueType type, String withWord) {
        boolean withValues = false;
        long count = 0;
        if (run.count() > 1) {
            if (!run.parsed.isInteger(run.arguments, 1)) {
                return run.error(CommandErrors.NOT_AN_INTEGER);
            }
            count = run.parsed.integer();
            if (count == Long.MIN_VALUE) {
                return run.error(
                        "ERR value is out of range, value must between "
                                + -Long.MAX_VALUE
                                + " and "
                                + Long.MAX_VALUE);
            }
            if (run.count() > 3
                    || (run.count() == 3
                            && (withWord.isEmpty() || !run.arguments.isWord(2, withWord)))) {
                return run.error(CommandErrors.SYNTAX);
            }
            withValues = run.count() == 3;
            if (withValues && (count < -Long.MAX_VALUE / 2 || count > Long.MAX_VALUE / 2)) {
                return run.error("ERR value is out of range");
            }
        }
        if (!elements.open(run, 0, type)) {
            return run.wrongType();
        }
        SplittableRandom random = new SplittableRandom(run.call.seed);
        if (run.count() == 1) {
            if (elements.exists() && elements.pick(random)) {
                elements.answerElement(run.reply);
            } else {
                run.reply.nil();
            }
            return Outcome.DONE;
        }
        int mark = run.reply.mark();
        if (withValues) {
            run.reply.pairs(0);
        } else {
            run.reply.array(0);
        }
        int told = count < 0 ? drawAgain(run, -count, random, withValues) : 0;
        if (count > 0) {
            for (byte[] each : distinct(count, random)) {
                elements.find(each, 0, each.length);
                answer(run, withValues);
                told++;
            }
        }
        run.reply.endAggregate(mark, told);
        return Outcome.DONE;
    }

    /** Draws with repetition. */
    private int drawAgain(CommandRun run, long count, SplittableRandom random, boolean withValues) {
        int told = 0;
        while (told < count && elements.exists() && elements.pick(random)) {
            answer(run, withValues);
            told++;
        }
        return told;
    }

    private void answer(CommandRun run, boolean withValues) {
        if (withValues) {
            run.reply.pair();
        }
        elements.answerElement(run.reply);
        if (withValues && elements.isScored()) {
            run.reply.number(elements.score());
        } else if (withValues) {
            elements.answerValue(run.reply);
        }
    }

    /** Different elements of what {@link Elements} has opened, at most {@code count}. */
    List<byte[]> distinct(long count, SplittableRandom random) {
        List<byte[]> drawn = new ArrayList<>();
        if (count >= elements.count()) {
            elements.rewind();
            while (elements.next()) {
                drawn.add(elements.copyElement());
            }
            return drawn;
        }
        if (count * SMALL_PART < elements.count()) {
            Set<ByteBuffer> seen = new HashSet<>();
            for (long tries = 0; drawn.size() < count && tries < 8 * count; tries++) {
                if (elements.pick(random)) {
                    byte[] element = elements.copyElement();
                    if (seen.add(ByteBuffer.wrap(element))) {
                        drawn.add(element);
                    }
                }
            }
            if (drawn.size() == count) {
                return drawn;
            }
            drawn.clear();
        }
        reservoir((int) count, random, drawn);
        return drawn;
    }

    /** Source: Vitter, "Random Sampling with a Reservoir", 1985, algorithm R. */
    private void reservoir(int count, SplittableRandom random, List<byte[]> drawn) {
        elements.rewind();
        long seen = 0;
        while (elements.next()) {
            seen++;
            if (drawn.size() < count) {
                drawn.add(elements.copyElement());
            } else {
                long place = random.nextLong(seen);
                if (place < count) {
                    drawn.set((int) place, elements.copyElement());
                }
            }
        }
    }
}
