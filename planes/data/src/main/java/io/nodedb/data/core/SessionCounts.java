package io.nodedb.data.core;

import io.nodedb.base.ownership.CoreOwned;

/**
 * How many requests of each session wait or are under way; sessions that have none are not held.
 * Open addressing with linear probing; asking costs one comparison while nothing waits. Allocates
 * only while growing.
 */
@CoreOwned
final class SessionCounts {
    private static final long SPREAD = 0x9E3779B97F4A7C15L;
    private static final int FIRST_SIZE = 64;

    private long[] sessions = new long[FIRST_SIZE];
    private int[] counts = new int[FIRST_SIZE];
    private int held;

    /** Requests of the session; session 0 never has any. */
    int of(long session) {
        return held == 0 || session == 0 ? 0 : counts[slot(session)];
    }

    void add(long session) {
        if (session == 0) {
            return;
        }
        int slot = slot(session);
        if (counts[slot] == 0) {
            sessions[slot] = session;
            held++;
        }
        counts[slot]++;
        if (2 * held > counts.length) {
            grow();
        }
    }

    void remove(long session) {
        if (session == 0) {
            return;
        }
        int slot = slot(session);
        counts[slot]--;
        if (counts[slot] == 0) {
            held--;
            closeGap(slot);
        }
    }

    void clear() {
        if (held > 0) {
            java.util.Arrays.fill(counts, 0);
            held = 0;
        }
    }

    boolean isEmpty() {
        return held == 0;
    }

    private int slot(long session) {
        int slot = home(session);
        while (counts[slot] != 0 && sessions[slot] != session) {
            slot = (slot + 1) & (counts.length - 1);
        }
        return slot;
    }

    private int home(long session) {
        return (int) ((session * SPREAD) >>> 32) & (counts.length - 1);
    }

    private void grow() {
        long[] oldSessions = sessions;
        int[] oldCounts = counts;
        sessions = new long[2 * oldSessions.length];
        counts = new int[2 * oldCounts.length];
        for (int i = 0; i < oldCounts.length; i++) {
            if (oldCounts[i] != 0) {
                int slot = slot(oldSessions[i]);
                sessions[slot] = oldSessions[i];
                counts[slot] = oldCounts[i];
            }
        }
    }

    /** Moves later entries of the run forward, so that probing never meets a hole; Knuth 6.4 R. */
    private void closeGap(int slot) {
        int mask = counts.length - 1;
        int hole = slot;
        for (int at = (hole + 1) & mask; counts[at] != 0; at = (at + 1) & mask) {
            int fromHome = (at - home(sessions[at])) & mask;
            int fromHole = (at - hole) & mask;
            if (fromHome >= fromHole) {
                sessions[hole] = sessions[at];
                counts[hole] = counts[at];
                counts[at] = 0;
                hole = at;
            }
        }
    }
}
