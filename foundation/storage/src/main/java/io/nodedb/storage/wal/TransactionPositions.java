package io.nodedb.storage.wal;

import java.util.Arrays;

/**
 * Where each undecided transaction's first PART or PREPARE stands: transaction id to position of
 * its group. Open addressing over primitive arrays; allocates only while growing. Single-threaded.
 */
final class TransactionPositions {
    private static final int INITIAL_SLOTS = 64;
    private static final long SPREAD = 0x9E37_79B9_7F4A_7C15L;

    /** Position 0 marks a free slot: no group stands there. */
    private long[] positions = new long[INITIAL_SLOTS];

    private long[] txnIds = new long[INITIAL_SLOTS];
    private int size;

    int size() {
        return size;
    }

    /** Remembers the position unless the transaction has one already. */
    void putFirst(long txnId, long position) {
        int slot = find(txnId);
        if (positions[slot] != 0) {
            return;
        }
        positions[slot] = position;
        txnIds[slot] = txnId;
        size++;
        if (size * 2 > positions.length) {
            grow();
        }
    }

    /** Forgets a transaction; returns its position, or {@link Long#MAX_VALUE}. */
    long remove(long txnId) {
        int hole = find(txnId);
        if (positions[hole] == 0) {
            return Long.MAX_VALUE;
        }
        long position = positions[hole];
        size--;
        int mask = positions.length - 1;
        // Move back what probed past the hole, so that no lookup stops too early.
        for (int at = (hole + 1) & mask; positions[at] != 0; at = (at + 1) & mask) {
            int home = home(txnIds[at]);
            if (((at - home) & mask) >= ((at - hole) & mask)) {
                positions[hole] = positions[at];
                txnIds[hole] = txnIds[at];
                hole = at;
            }
        }
        positions[hole] = 0;
        return position;
    }

    /** The lowest position of all, or {@link Long#MAX_VALUE}. */
    long lowest() {
        long lowest = Long.MAX_VALUE;
        for (long position : positions) {
            if (position != 0 && position < lowest) {
                lowest = position;
            }
        }
        return lowest;
    }

    void clear() {
        Arrays.fill(positions, 0);
        size = 0;
    }

    private void grow() {
        long[] oldPositions = positions;
        long[] oldIds = txnIds;
        positions = new long[oldPositions.length * 2];
        txnIds = new long[oldIds.length * 2];
        for (int i = 0; i < oldPositions.length; i++) {
            if (oldPositions[i] != 0) {
                int slot = find(oldIds[i]);
                positions[slot] = oldPositions[i];
                txnIds[slot] = oldIds[i];
            }
        }
    }

    private int find(long txnId) {
        int mask = positions.length - 1;
        int slot = home(txnId);
        while (positions[slot] != 0 && txnIds[slot] != txnId) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int home(long txnId) {
        return (int) ((txnId * SPREAD) >>> 32) & (positions.length - 1);
    }
}
