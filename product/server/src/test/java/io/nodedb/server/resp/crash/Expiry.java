package io.nodedb.server.resp.crash;

/**
 * When something ends, in milliseconds of the epoch: at {@code earliest} or up to {@code latest},
 * when a command told a time from its own moment on.
 *
 * @param certain false when it is not known whether the end was taken away since
 */
record Expiry(long earliest, long latest, boolean certain) {
    static final long NO_END = -1;

    static final Expiry NEVER = new Expiry(NO_END, NO_END, true);

    static Expiry at(long millis) {
        return new Expiry(millis, millis, true);
    }

    static Expiry between(long earliest, long latest) {
        return new Expiry(earliest, latest, true);
    }

    boolean isNever() {
        return earliest == NO_END;
    }

    /** It is not known whether the end was taken away. */
    Expiry uncertain() {
        return new Expiry(earliest, latest, false);
    }

    /** Can something with this end be found, at or after {@code millis}, to end at {@code end}? */
    boolean admits(long end, long millis) {
        if (end == NO_END) {
            return isNever() || !certain;
        }
        return end >= earliest && end <= latest && millis <= latest;
    }

    /** Can something with this end be missing, at or before {@code millis}? */
    boolean mayHaveEnded(long millis) {
        return !isNever() && millis >= earliest;
    }
}
