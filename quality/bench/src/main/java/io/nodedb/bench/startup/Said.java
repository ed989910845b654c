package io.nodedb.bench.startup;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/**
 * What a started process says: one line each, by a mark that no library prints. Without
 * dependencies, because loading them would count.
 */
final class Said {
    static final String ROW = "@row ";
    static final String PROCESSOR_NANOS = "@processor ";
    static final String LOADED = "@loaded ";
    static final String WRONG = "@wrong ";
    static final String IDLE = "@idle ";

    private Said() {}

    static void say(String mark, @Nullable Object what) {
        System.out.println(mark + what);
        System.out.flush();
    }

    /** Waits until the parent closes standard input or kills this process. */
    static void awaitEndOfInput() throws IOException {
        while (System.in.read() >= 0) {
            // Nothing is sent.
        }
    }
}
