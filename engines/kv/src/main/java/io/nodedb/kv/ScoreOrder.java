package io.nodedb.kv;

/** Scores as integers that are in the same order. */
final class ScoreOrder {
    private ScoreOrder() {}

    /** {@code bits} are a double's; both zeros are the same. */
    static long sortOf(long bits) {
        long same = bits == Long.MIN_VALUE ? 0 : bits;
        return same < 0 ? same ^ Long.MAX_VALUE : same;
    }

    static long sortOf(double score) {
        return sortOf(Double.doubleToRawLongBits(score));
    }
}
