package io.nodedb.simulator;

/** A hash over everything that happened: two runs of a seed have equal ones. */
final class Trace {
    private long hash = 0x9E3779B97F4A7C15L;
    private long events;

    void add(long what) {
        hash = (hash ^ what) * 0xBF58476D1CE4E5B9L;
        hash ^= hash >>> 29;
        events++;
    }

    void add(String what) {
        add(what.hashCode());
    }

    long hash() {
        return hash;
    }

    long events() {
        return events;
    }
}
