package io.nodedb.os.wake;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Shared;
import io.nodedb.os.libc.NativeAccess;
import java.util.Locale;

/**
 * Makes {@link Wakeup}s. The system property {@value #PROPERTY} ({@code automatic}, {@code
 * eventfd}, {@code park}) decides for {@link #create()}.
 */
@Shared("no state")
public final class Wakeups {
    /** Names the mechanism for the whole process. */
    public static final String PROPERTY = "nodedb.wakeup";

    private Wakeups() {}

    /** A wake-up by the mechanism that {@value #PROPERTY} names; automatic when it is not set. */
    public static Wakeup create() {
        return create(configured());
    }

    /**
     * A wake-up by the given mechanism. {@link WakeupMechanism#EVENTFD} throws {@link
     * NodeDbException} UNSUPPORTED where foreign calls are not allowed.
     */
    public static Wakeup create(WakeupMechanism mechanism) {
        return switch (mechanism) {
            case AUTOMATIC -> NativeAccess.allowed() ? new EventFdWakeup() : new ParkWakeup();
            case EVENTFD -> {
                if (!NativeAccess.allowed()) {
                    throw new NodeDbException(
                            ErrorCode.UNSUPPORTED,
                            "eventfd wake-ups cannot be used: " + NativeAccess.refusal() + ".");
                }
                yield new EventFdWakeup();
            }
            case PARK -> new ParkWakeup();
        };
    }

    private static WakeupMechanism configured() {
        String name = System.getProperty(PROPERTY, "automatic");
        for (WakeupMechanism mechanism : WakeupMechanism.values()) {
            if (mechanism.name().toLowerCase(Locale.ROOT).equals(name)) {
                return mechanism;
            }
        }
        throw new NodeDbException(
                ErrorCode.INVALID_ARGUMENT,
                "System property " + PROPERTY + " is automatic, eventfd or park: value=" + name);
    }
}
