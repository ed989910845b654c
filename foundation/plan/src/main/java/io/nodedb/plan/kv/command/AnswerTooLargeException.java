package io.nodedb.plan.kv.command;

/**
 * A command's answer would be larger than {@link Reply#MAX_BYTES}. Thrown wherever the command
 * happens to be, and caught where commands are begun.
 */
public final class AnswerTooLargeException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    AnswerTooLargeException() {
        super("limit_bytes=" + Reply.MAX_BYTES, null, false, false);
    }
}
