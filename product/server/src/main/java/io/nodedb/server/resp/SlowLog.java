package io.nodedb.server.resp;

import io.nodedb.base.ownership.Shared;
import java.util.ArrayDeque;
import java.util.List;

/** The latest commands that took long, newest first. */
@Shared("its lock, taken only for slow commands and for reading")
final class SlowLog {
    /** Most commands that are kept. */
    static final int MOST = 10_000;

    private static final int DEFAULT_CAPACITY = 128;
    private static final long DEFAULT_THRESHOLD_MICROS = 10_000;

    /** One slow command. */
    record Entry(
            long id,
            long epochSeconds,
            long micros,
            List<byte[]> arguments,
            String address,
            String name) {}

    private final ArrayDeque<Entry> entries = new ArrayDeque<>();
    private volatile long thresholdMicros = DEFAULT_THRESHOLD_MICROS;
    private volatile int capacity = DEFAULT_CAPACITY;
    private long nextId;

    /** Negative: nothing is slow. */
    long thresholdMicros() {
        return thresholdMicros;
    }

    void setThresholdMicros(long micros) {
        thresholdMicros = micros;
    }

    int capacity() {
        return capacity;
    }

    synchronized void setCapacity(int most) {
        capacity = most;
        shorten();
    }

    /** Can anything be slow, and is it kept? */
    boolean isOn() {
        return thresholdMicros >= 0 && capacity > 0;
    }

    boolean isSlow(long micros) {
        long threshold = thresholdMicros;
        return threshold >= 0 && micros >= threshold;
    }

    synchronized void add(
            long epochSeconds, long micros, List<byte[]> arguments, String address, String name) {
        entries.addFirst(new Entry(nextId++, epochSeconds, micros, arguments, address, name));
        shorten();
    }

    private void shorten() {
        while (entries.size() > capacity) {
            entries.removeLast();
        }
    }

    synchronized List<Entry> newest(int count) {
        return entries.stream().limit(count).toList();
    }

    synchronized int size() {
        return entries.size();
    }

    synchronized void clear() {
        entries.clear();
    }
}
