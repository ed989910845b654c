package io.nodedb.base.errors;

/**
 * A broken invariant of the database itself. It is never part of an API's contract; sessions answer
 * it as {@link ErrorCode#INTERNAL}.
 */
public final class BugException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public BugException(String claim) {
        super(claim);
    }
}
