package io.nodedb.document.binary;

import io.nodedb.base.value.ByteWriter;

/**
 * Sorts the fields of an object that was just written by the bytes of their keys: a merge sort on
 * positions, without an object for each; nothing to do when they came in order. Owned by its
 * writer.
 */
final class KeySort {
    private final ByteWriter written;
    private int[] spare = new int[0];

    KeySort(ByteWriter written) {
        this.written = written;
    }

    /** Sorts a part of {@code fields} in place; gives a field whose key stands twice, or -1. */
    int sort(int[] fields, int from, int count) {
        if (!isSorted(fields, from, count)) {
            if (spare.length < count) {
                spare = new int[Math.max(count, 2 * spare.length)];
            }
            for (int run = 1; run < count; run *= 2) {
                for (int at = 0; at < count; at += 2 * run) {
                    merge(
                            fields,
                            from + at,
                            Math.min(run, count - at),
                            Math.min(2 * run, count - at));
                }
            }
        }
        for (int i = from + 1; i < from + count; i++) {
            if (compare(fields[i - 1], fields[i]) == 0) {
                return fields[i];
            }
        }
        return -1;
    }

    private boolean isSorted(int[] fields, int from, int count) {
        for (int i = from + 1; i < from + count; i++) {
            if (compare(fields[i - 1], fields[i]) > 0) {
                return false;
            }
        }
        return true;
    }

    /** Merges the first {@code middle} with the rest of {@code count} fields. */
    private void merge(int[] fields, int from, int middle, int count) {
        System.arraycopy(fields, from, spare, 0, middle);
        int left = 0;
        int right = from + middle;
        int end = from + count;
        int at = from;
        while (left < middle) {
            boolean takeLeft = right == end || compare(spare[left], fields[right]) <= 0;
            fields[at++] = takeLeft ? spare[left++] : fields[right++];
        }
    }

    private int compare(int a, int b) {
        return written.compareParts(keyStart(a), keyLength(a), keyStart(b), keyLength(b));
    }

    int keyLength(int field) {
        int length = 0;
        int shift = 0;
        int at = field;
        while (true) {
            int next = written.byteAt(at++);
            length |= (next & 0x7F) << shift;
            if (next < 0x80) {
                return length;
            }
            shift += 7;
        }
    }

    int keyStart(int field) {
        int at = field;
        while (written.byteAt(at) >= 0x80) {
            at++;
        }
        return at + 1;
    }
}
