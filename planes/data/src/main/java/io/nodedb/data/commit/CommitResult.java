package io.nodedb.data.commit;

/**
 * What became of effects that were handed to {@link CommitPath}: one of these, or a positive error
 * number. Nothing has changed unless {@link #ACCEPTED}.
 */
public final class CommitResult {
    /**
     * Applied and in the WAL ring, or on the way there; the request is answered when the outcome is
     * known.
     */
    public static final int ACCEPTED = 0;

    /**
     * As {@link #ACCEPTED}, but applied only when its commit comes back from the log: until then
     * reads see the state before, and its session's next requests have to wait.
     */
    public static final int DECIDED_LATER = -11;

    /** The WAL ring or the table of batches is full: try again after acknowledgements have come. */
    public static final int WAIT = -10;

    private CommitResult() {}
}
