package io.nodedb.testkit;

import org.jspecify.annotations.Nullable;

/**
 * How much a suite of tests does: by default its short form, which keeps {@code ./test} quick, and
 * its long form when {@code ./test --long NAME} (system property {@code nodedb.long}) names it.
 *
 * <p>{@code ./test} finds a suite by its name's literal, so write {@code LongForm.of("wal-fuzz")}
 * in the test class itself. Immutable.
 */
public final class LongForm {
    /** System property: the name of the one suite that runs in its long form. */
    public static final String SUITE_PROPERTY = "nodedb.long";

    /** System property: the seed to begin at. */
    public static final String SEED_PROPERTY = "nodedb.seed";

    /**
     * Where seeds begin unless told otherwise: fixed, so that a plain run is the same each time.
     */
    public static final long DEFAULT_SEED = 1;

    private final String suite;
    private final boolean isLong;
    private final long seed;

    private LongForm(String suite, boolean isLong, long seed) {
        this.suite = suite;
        this.isLong = isLong;
        this.seed = seed;
    }

    /** The form in which {@code suite} runs in this process. */
    public static LongForm of(String suite) {
        return of(suite, System.getProperty(SUITE_PROPERTY), System.getProperty(SEED_PROPERTY));
    }

    static LongForm of(String suite, @Nullable String longSuite, @Nullable String seed) {
        if (suite.isBlank() || suite.chars().anyMatch(Character::isWhitespace)) {
            throw new IllegalArgumentException(
                    "A suite's name has no spaces: name='" + suite + "'");
        }
        return new LongForm(
                suite,
                suite.equals(longSuite),
                seed == null || seed.isBlank() ? DEFAULT_SEED : Long.parseLong(seed));
    }

    public boolean isLong() {
        return isLong;
    }

    /**
     * The count of the form that runs: of operations, of rounds, of whatever the suite scales by.
     */
    public int count(int shortCount, int longCount) {
        return isLong ? longCount : shortCount;
    }

    /** The first seed of this run. */
    public long seed() {
        return seed;
    }

    /**
     * The shell command that runs the suite again in the same form and beginning at {@code seed}.
     * The form belongs to it: a seed makes different choices when the counts differ.
     */
    public String replayCommand(long seed) {
        return "./test " + (isLong ? "--long " : "--short ") + suite + " --seed " + seed;
    }

    @Override
    public String toString() {
        return suite + (isLong ? " (long form)" : " (short form)");
    }
}
