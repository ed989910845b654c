package io.nodedb.os.wake;

/** How threads sleep. */
public enum WakeupMechanism {
    /** {@link #EVENTFD} where foreign calls are allowed, otherwise {@link #PARK}. */
    AUTOMATIC,
    /** A Linux event counter; creating one fails where foreign calls are not allowed. */
    EVENTFD,
    /** {@link java.util.concurrent.locks.LockSupport}. */
    PARK
}
