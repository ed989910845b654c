package io.nodedb.kv;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;

/**
 * Elements that a command has read from a packed value or wants to write: keys and values where
 * they lie in arrays of others, found by key.
 */
@CoreOwned
final class ElementRecords {
    /** As the value had it. */
    static final byte KEPT = 0;

    static final byte PUT = 1;
    static final byte REMOVED = 2;

    static final int NONE = -1;

    /** So many are just looked through, as a packed value has them. */
    private static final int LOOKED_THROUGH = PackedElements.MAX_ELEMENTS;

    /** Kept from one command to the next. */
    private static final int KEPT_RECORDS = 1024;

    private static final byte[] NOTHING = {};

    byte[][] keys = new byte[16][];
    int[] keyFrom = new int[16];
    int[] keyLength = new int[16];
    byte[][] values = new byte[16][];
    int[] valueFrom = new int[16];
    int[] valueLength = new int[16];
    long[] expireAt = new long[16];
    byte[] state = new byte[16];

    /** The version that the structure has of an element, deleted ones not counted; 0 for none. */
    long[] versions = new long[16];

    private int count;
    private int[] slots = {};

    int count() {
        return count;
    }

    void clear() {
        if (keys.length > KEPT_RECORDS) {
            allocate(16);
            slots = new int[0];
        } else {
            Arrays.fill(keys, 0, count, NOTHING);
            Arrays.fill(values, 0, count, NOTHING);
            if (slots.length > 0) {
                slots = new int[0];
            }
        }
        count = 0;
    }

    /** Adds an element whose key is not there yet; its number. */
    int add(byte[] key, int from, int length, byte newState) {
        if (count == keys.length) {
            grow();
        }
        int record = count++;
        keys[record] = key;
        keyFrom[record] = from;
        keyLength[record] = length;
        values[record] = NOTHING;
        valueFrom[record] = 0;
        valueLength[record] = 0;
        expireAt[record] = 0;
        versions[record] = 0;
        state[record] = newState;
        if (count > LOOKED_THROUGH) {
            if (2 * count > slots.length) {
                index();
            } else {
                place(record);
            }
        }
        return record;
    }

    void setValue(int record, byte[] value, int from, int length, long expires) {
        values[record] = value;
        valueFrom[record] = from;
        valueLength[record] = length;
        expireAt[record] = expires;
    }

    /** The number of an element, or {@link #NONE}. */
    int find(byte[] key, int from, int length) {
        if (count <= LOOKED_THROUGH) {
            for (int i = 0; i < count; i++) {
                if (keyLength[i] == length && isKey(i, key, from, length)) {
                    return i;
                }
            }
            return NONE;
        }
        int at = slotOf(key, from, length);
        while (slots[at] != 0) {
            int record = slots[at] - 1;
            if (keyLength[record] == length && isKey(record, key, from, length)) {
                return record;
            }
            at = (at + 1) & (slots.length - 1);
        }
        return NONE;
    }

    private boolean isKey(int record, byte[] key, int from, int length) {
        int at = keyFrom[record];
        return Arrays.equals(keys[record], at, at + length, key, from, from + length);
    }

    private void index() {
        slots = new int[Integer.highestOneBit(count) * 8];
        for (int i = 0; i < count; i++) {
            place(i);
        }
    }

    private void place(int record) {
        int at = slotOf(keys[record], keyFrom[record], keyLength[record]);
        while (slots[at] != 0) {
            at = (at + 1) & (slots.length - 1);
        }
        slots[at] = record + 1;
    }

    private int slotOf(byte[] key, int from, int length) {
        return (int) (KeyHash.of(key, from, length) >>> 32) & (slots.length - 1);
    }

    private void grow() {
        int size = 2 * keys.length;
        keys = Arrays.copyOf(keys, size);
        keyFrom = Arrays.copyOf(keyFrom, size);
        keyLength = Arrays.copyOf(keyLength, size);
        values = Arrays.copyOf(values, size);
        valueFrom = Arrays.copyOf(valueFrom, size);
        valueLength = Arrays.copyOf(valueLength, size);
        expireAt = Arrays.copyOf(expireAt, size);
        state = Arrays.copyOf(state, size);
        versions = Arrays.copyOf(versions, size);
    }

    private void allocate(int size) {
        keys = new byte[size][];
        keyFrom = new int[size];
        keyLength = new int[size];
        values = new byte[size][];
        valueFrom = new int[size];
        valueLength = new int[size];
        expireAt = new long[size];
        state = new byte[size];
        versions = new long[size];
    }
}
