package io.nodedb.storage.rows.block;

import java.util.Arrays;

/**
 * Entries of a block that were decoded one after another, kept so that a cursor that goes backward
 * decodes each only once: keys are told by what they share with the one before. One thread;
 * allocates only while it grows.
 */
final class DecodedRun {
    private int size;
    private int[] starts = new int[BlockBuilder.RESTART_EVERY];
    private int[] ends = new int[BlockBuilder.RESTART_EVERY];
    private int[] keyStarts = new int[BlockBuilder.RESTART_EVERY];
    private int[] keyLengths = new int[BlockBuilder.RESTART_EVERY];
    private int[] valueStarts = new int[BlockBuilder.RESTART_EVERY];
    private int[] kinds = new int[BlockBuilder.RESTART_EVERY];
    private long[] lsns = new long[BlockBuilder.RESTART_EVERY];
    private byte[] keys = new byte[512];
    private int keysEnd;

    void clear() {
        size = 0;
        keysEnd = 0;
    }

    int size() {
        return size;
    }

    void add(int start, int end, byte[] key, int keyLength, long lsn, int kind, int valueAt) {
        if (size == starts.length) {
            grow();
        }
        if (keys.length - keysEnd < keyLength) {
            keys = Arrays.copyOf(keys, Math.max(keysEnd + keyLength, 2 * keys.length));
        }
        System.arraycopy(key, 0, keys, keysEnd, keyLength);
        starts[size] = start;
        ends[size] = end;
        keyStarts[size] = keysEnd;
        keyLengths[size] = keyLength;
        valueStarts[size] = valueAt;
        kinds[size] = kind;
        lsns[size] = lsn;
        keysEnd += keyLength;
        size++;
    }

    private void grow() {
        int length = 2 * size;
        starts = Arrays.copyOf(starts, length);
        ends = Arrays.copyOf(ends, length);
        keyStarts = Arrays.copyOf(keyStarts, length);
        keyLengths = Arrays.copyOf(keyLengths, length);
        valueStarts = Arrays.copyOf(valueStarts, length);
        kinds = Arrays.copyOf(kinds, length);
        lsns = Arrays.copyOf(lsns, length);
    }

    /** The entry that ends where another begins, or -1. */
    int indexOfEnd(int end) {
        for (int i = size - 1; i >= 0 && ends[i] >= end; i--) {
            if (ends[i] == end) {
                return i;
            }
        }
        return -1;
    }

    int start(int index) {
        return starts[index];
    }

    int end(int index) {
        return ends[index];
    }

    int keyLength(int index) {
        return keyLengths[index];
    }

    /** Copies a key to the start of {@code target}, which has been as long before. */
    void copyKey(int index, byte[] target) {
        System.arraycopy(keys, keyStarts[index], target, 0, keyLengths[index]);
    }

    int valueAt(int index) {
        return valueStarts[index];
    }

    int kind(int index) {
        return kinds[index];
    }

    long lsn(int index) {
        return lsns[index];
    }
}
