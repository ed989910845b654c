package io.nodedb.base.errors;

/**
 * Always-on assertions at boundaries and around bytes: a failure is a bug of the database, never of
 * its user.
 */
public final class Check {
    private Check() {}

    /** Throws {@link BugException} when {@code condition} is false. */
    public static void that(boolean condition, String claim) {
        if (!condition) {
            throw new BugException(claim);
        }
    }

    /** As {@link #that(boolean, String)}, with one number that explains the failure. */
    public static void that(boolean condition, String claim, long value) {
        if (!condition) {
            throw new BugException(claim + ": value=" + value);
        }
    }

    /** As {@link #that(boolean, String)}, with the two numbers that were compared. */
    public static void that(boolean condition, String claim, long expected, long actual) {
        if (!condition) {
            throw new BugException(claim + ": expected=" + expected + " actual=" + actual);
        }
    }
}
