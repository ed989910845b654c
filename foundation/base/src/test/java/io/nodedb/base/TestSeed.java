package io.nodedb.base;

import java.util.concurrent.ThreadLocalRandom;

/** The seed of a fuzz test: {@code -Dnodedb.seed=N} replays one, otherwise it is drawn. */
public final class TestSeed {
    private TestSeed() {}

    public static long next() {
        String given = System.getProperty("nodedb.seed", "");
        return given.isBlank() ? ThreadLocalRandom.current().nextLong() : Long.parseLong(given);
    }

    /** For failure messages. */
    public static String replay(long seed) {
        return "replay with -Dnodedb.seed=" + seed;
    }
}
