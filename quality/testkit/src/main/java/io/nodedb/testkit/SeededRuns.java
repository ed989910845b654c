package io.nodedb.testkit;

import java.time.Duration;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.LongStream;

/**
 * Runs a test body once for each of a row of seeds and says, when one fails, which it was and the
 * command that replays it. The body makes every choice from the generator it is given.
 *
 * <pre>{@code
 * SeededRuns.of(LongForm.of("wal-fuzz")).alsoSeeds(77).run(20, 5_000, random -> ...);
 * }</pre>
 *
 * <p>Seeds that once failed are kept with {@link #alsoSeeds} and run first, unless a seed is asked
 * for: then the runs begin with that one.
 */
public final class SeededRuns {
    private final LongForm form;
    private final long[] alsoSeeds;

    private SeededRuns(LongForm form, long[] alsoSeeds) {
        this.form = form;
        this.alsoSeeds = alsoSeeds;
    }

    public static SeededRuns of(LongForm form) {
        return new SeededRuns(form, new long[0]);
    }

    /** The same runs, preceded by these seeds, which have found a fault before. */
    public SeededRuns alsoSeeds(long... seeds) {
        return new SeededRuns(form, seeds.clone());
    }

    /** Runs {@code body} with that many consecutive seeds, and stops at the first that fails. */
    public void run(int shortRuns, int longRuns, Body body) {
        int runs = form.count(shortRuns, longRuns);
        if (form.seed() == LongForm.DEFAULT_SEED) {
            Arrays.stream(alsoSeeds).forEach(seed -> runOne(seed, body));
        }
        LongStream.range(form.seed(), form.seed() + runs).forEach(seed -> runOne(seed, body));
    }

    /**
     * Runs {@code body} with consecutive seeds until so much time has passed, at least once, and
     * stops at the first that fails. For suites whose claim is a duration; each seed's choices are
     * the same whatever the time.
     *
     * @return how many seeds were run
     */
    public int runFor(Duration shortTime, Duration longTime, Body body) {
        long nanos = (form.isLong() ? longTime : shortTime).toNanos();
        long began = System.nanoTime();
        int runs = 0;
        do {
            runOne(form.seed() + runs, body);
            runs++;
        } while (System.nanoTime() - began < nanos);
        return runs;
    }

    private void runOne(long seed, Body body) {
        try {
            body.run(new SplittableRandom(seed));
        } catch (Throwable failure) { // an edge: told with its seed, whatever it was
            throw new AssertionError(
                    "seed="
                            + seed
                            + " fails; replay with: "
                            + form.replayCommand(seed)
                            + System.lineSeparator()
                            + failure,
                    failure);
        }
    }

    /** One run: every choice comes from {@code random}. */
    @FunctionalInterface
    public interface Body {
        void run(SplittableRandom random) throws Exception;
    }
}
