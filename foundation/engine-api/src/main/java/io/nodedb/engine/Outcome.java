package io.nodedb.engine;

/** What {@link Engine#execute} returns: 0, a negative wait, or a positive error number. */
public final class Outcome {
    /** The answer is in the call. */
    public static final int DONE = 0;

    /** The quantum is over; call again. */
    public static final int YIELD = -1;

    /**
     * No free chunk for a partial response; call again when the client gave one back. Or what the
     * call has told the context to depend on is not durable, and parts can't be held back like an
     * answer; call again when it is.
     */
    public static final int WAIT_FOR_CREDIT = -2;

    /** A helper thread is reading for this call; call again when it has finished. */
    public static final int WAIT_FOR_READ = -3;

    private Outcome() {}
}
