package io.nodedb.kv;

/**
 * Indexes of a list or ranks of a sorted set, as commands give them: from the end when negative,
 * cut at both ends.
 *
 * @param from the first
 * @param to behind the last; {@code from} when there is none
 */
record IndexRange(long from, long to) {
    static IndexRange of(long start, long stop, long size) {
        long from = Math.max(0, start < 0 ? start + size : start);
        long last = Math.min(size - 1, stop < 0 ? stop + size : stop);
        return from > last ? new IndexRange(0, 0) : new IndexRange(from, last + 1);
    }

    long count() {
        return to - from;
    }
}
