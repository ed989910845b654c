package io.nodedb.plan.kv;

/** Operations on one key. Ordinals are internal; {@link #number} is stable. */
public enum KvOp {
    GET(1, false),
    EXISTS(2, false),
    /** Remaining life: {@code resultNumber} is the expiry in epoch milliseconds, 0 for none. */
    EXPIRY(3, false),
    /**
     * Puts {@code value} under {@code condition}; {@code expireAtMillis} 0 means no expiry, {@link
     * KvCall#KEEP_EXPIRY} keeps the present one.
     */
    PUT(10, true),
    DELETE(11, true),
    /**
     * Adds {@code number} to a decimal integer (absent counts as 0, expiry kept); {@code
     * resultNumber} is the sum. Not an integer: TYPE_MISMATCH; too large: OVERFLOW.
     */
    INCREMENT(12, true),
    /** Puts {@code value}, answers the value before; expiry is cleared. */
    GET_AND_PUT(13, true),
    /** Deletes and answers the value before. */
    GET_AND_DELETE(14, true),
    /**
     * Puts {@code value} if the present value equals {@code expected}; {@code applied} tells.
     * Expiry as for PUT.
     */
    COMPARE_AND_PUT(15, true),
    /** Deletes if the present value equals {@code expected}; {@code applied} tells. */
    COMPARE_AND_DELETE(16, true),
    /**
     * Sets or (0) removes the expiry of a present key; {@code applied} tells whether the key was
     * there.
     */
    EXPIRE(17, true);

    private final int number;
    private final boolean writes;

    KvOp(int number, boolean writes) {
        this.number = number;
        this.writes = writes;
    }

    public int number() {
        return number;
    }

    /** Does it put the value that it is given? Those that only delete or add to one do not. */
    public boolean putsRow() {
        return this == PUT || this == GET_AND_PUT || this == COMPARE_AND_PUT;
    }

    public boolean writes() {
        return writes;
    }
}
