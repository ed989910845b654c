package io.nodedb.base.errors;

import org.jspecify.annotations.Nullable;

/**
 * Ends a statement or a call: an {@link ErrorCode}, a message that names values, and, where the
 * code says so, the time after which to retry.
 */
public class NodeDbException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final long retryAfterMillis;

    /**
     * {@code message} is complete English with {@code name=value} details; the code's advice is
     * appended by {@link #getMessage()}.
     */
    public NodeDbException(ErrorCode code, String message) {
        this(code, message, 0, null);
    }

    public NodeDbException(ErrorCode code, String message, @Nullable Throwable cause) {
        this(code, message, 0, cause);
    }

    public NodeDbException(
            ErrorCode code, String message, long retryAfterMillis, @Nullable Throwable cause) {
        super(message, cause);
        this.code = code;
        this.retryAfterMillis = retryAfterMillis;
    }

    public final ErrorCode code() {
        return code;
    }

    /** Milliseconds to wait before a retry; 0 when none is advised. */
    public final long retryAfterMillis() {
        return retryAfterMillis;
    }

    @Override
    public String getMessage() {
        String retry = retryAfterMillis > 0 ? " (retry after " + retryAfterMillis + " ms)" : "";
        return code
                + " ["
                + code.sqlState()
                + "] "
                + super.getMessage()
                + retry
                + " "
                + code.advice();
    }
}
