package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;

/** Values of a list in order, where they lie in arrays of others; cheap to add at both ends. */
@CoreOwned
final class ListRecords {
    private static final int KEPT_RECORDS = 1024;

    private byte[][] values = new byte[16][];
    private int[] froms = new int[16];
    private int[] lengths = new int[16];
    private int start;
    private int count;

    int count() {
        return count;
    }

    byte[] value(int index) {
        return values[start + index];
    }

    int from(int index) {
        return froms[start + index];
    }

    int length(int index) {
        return lengths[start + index];
    }

    void clear() {
        if (values.length > KEPT_RECORDS) {
            values = new byte[16][];
            froms = new int[16];
            lengths = new int[16];
        } else {
            Arrays.fill(values, null);
        }
        start = values.length / 2;
        count = 0;
    }

    void set(int index, byte[] value, int from, int length) {
        values[start + index] = value;
        froms[start + index] = from;
        lengths[start + index] = length;
    }

    /** Puts a value before the one of an index, which may be the count. */
    void insert(int index, byte[] value, int from, int length) {
        if (index == 0) {
            if (start == 0) {
                widen();
            }
            start--;
        } else {
            if (start + count == values.length) {
                widen();
            }
            move(start + index, start + index + 1, count - index);
        }
        count++;
        set(index, value, from, length);
    }

    void remove(int from, int to) {
        if (from == 0) {
            start += to;
        } else {
            move(start + to, start + from, count - to);
        }
        count -= to - from;
    }

    private void move(int from, int to, int moved) {
        System.arraycopy(values, from, values, to, moved);
        System.arraycopy(froms, from, froms, to, moved);
        System.arraycopy(lengths, from, lengths, to, moved);
    }

    /** Doubles the arrays and leaves room at both ends. */
    private void widen() {
        int size = 2 * values.length;
        byte[][] newValues = new byte[size][];
        int[] newFroms = new int[size];
        int[] newLengths = new int[size];
        int to = (size - count) / 2;
        System.arraycopy(values, start, newValues, to, count);
        System.arraycopy(froms, start, newFroms, to, count);
        System.arraycopy(lengths, start, newLengths, to, count);
        values = newValues;
        froms = newFroms;
        lengths = newLengths;
        start = to;
    }
}
