package io.nodedb.bridge.ring;

/** Seeds of the fuzz tests: {@code -Dnodedb.seed} or a new one. */
final class Seeds {
    private Seeds() {}

    static long next() {
        String given = System.getProperty("nodedb.seed", "");
        return given.isEmpty() ? System.nanoTime() : Long.parseLong(given);
    }

    static String replay(long seed) {
        return "replay with -Dnodedb.seed=" + seed;
    }
}
