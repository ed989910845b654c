package io.nodedb.simulator;

import io.nodedb.base.ids.Lsn;
import io.nodedb.simulator.time.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** Keys and values as text, and how they are shown in messages. */
final class Values {
    private static final int BRIEF = 24;

    /** Larger than a record in the small log, so that it is logged in parts. */
    private static final int LARGE = 5_000;

    private Values() {}

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    static @Nullable String text(byte @Nullable [] bytes) {
        return bytes == null ? null : new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /** A value that nobody else writes: {@code v17} and sometimes much after it. */
    static String unique(long number, SplittableRandom random) {
        int padding =
                switch (random.nextInt(20)) {
                    case 0 -> random.nextInt(LARGE);
                    case 1, 2, 3 -> random.nextInt(300);
                    default -> 0;
                };
        return "v" + number + (padding == 0 ? "" : ":" + "x".repeat(padding));
    }

    static String brief(@Nullable String value) {
        return value == null || value.length() <= BRIEF
                ? String.valueOf(value)
                : value.substring(0, BRIEF) + "…(" + value.length() + ")";
    }

    /** Milliseconds since the simulation's start, and the counter. */
    static String shortLsn(long lsn) {
        return lsn == 0
                ? "0"
                : (Lsn.millis(lsn) - VirtualTime.START_MILLIS) + "ms+" + (lsn & 0xFFFF);
    }
}
