package io.nodedb.os.libc;

import io.nodedb.base.ownership.Shared;

/** Whether foreign calls may be made. Loads none of the classes that make them. */
@Shared("constants")
public final class NativeAccess {
    private static final boolean LINUX_64 =
            System.getProperty("os.name", "").equals("Linux")
                    && switch (System.getProperty("os.arch", "")) {
                        case "amd64", "aarch64" -> true;
                        default -> false;
                    };

    private NativeAccess() {}

    /**
     * True on 64-bit Linux in a process that was started with {@code --enable-native-access} for
     * this code. Without that flag a foreign call would print a warning, and an embedded database
     * keeps off its host's standard error.
     */
    public static boolean allowed() {
        return LINUX_64 && NativeAccess.class.getModule().isNativeAccessEnabled();
    }

    /** Why {@link #allowed()} is false, for the log. */
    public static String refusal() {
        return LINUX_64
                ? "the process was started without --enable-native-access"
                : "the operating system is not 64-bit Linux";
    }
}
