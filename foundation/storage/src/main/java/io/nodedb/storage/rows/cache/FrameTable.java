package io.nodedb.storage.rows.cache;

import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;

/**
 * Finds frames by (file, offset): open addressing with linear probing, deletions by shifting back.
 * Holds frame numbers only; where a frame's key stands is the frame arrays' business. Grows by
 * doubling at half full.
 */
@CoreOwned
final class FrameTable {
    static final int NONE = -1;

    private long[] files = new long[64];
    private long[] offsets = new long[64];
    private int[] frames = filled(64);
    private int size;

    private static int[] filled(int length) {
        int[] array = new int[length];
        Arrays.fill(array, NONE);
        return array;
    }

    int find(long file, long offset) {
        int mask = frames.length - 1;
        for (int at = place(file, offset, mask); ; at = at + 1 & mask) {
            if (frames[at] == NONE || (offsets[at] == offset && files[at] == file)) {
                return frames[at];
            }
        }
    }

    void add(long file, long offset, int frame) {
        if (2 * (size + 1) > frames.length) {
            grow();
        }
        insert(file, offset, frame);
        size++;
    }

    void remove(long file, long offset) {
        int mask = frames.length - 1;
        int hole = place(file, offset, mask);
        while (offsets[hole] != offset || files[hole] != file || frames[hole] == NONE) {
            hole = hole + 1 & mask;
        }
        frames[hole] = NONE;
        size--;
        for (int at = hole + 1 & mask; frames[at] != NONE; at = at + 1 & mask) {
            int home = place(files[at], offsets[at], mask);
            // An entry moves back when its home does not lie behind the hole.
            if ((at - home & mask) >= (at - hole & mask)) {
                files[hole] = files[at];
                offsets[hole] = offsets[at];
                frames[hole] = frames[at];
                frames[at] = NONE;
                hole = at;
            }
        }
    }

    private void insert(long file, long offset, int frame) {
        int mask = frames.length - 1;
        int at = place(file, offset, mask);
        while (frames[at] != NONE) {
            at = at + 1 & mask;
        }
        files[at] = file;
        offsets[at] = offset;
        frames[at] = frame;
    }

    private void grow() {
        long[] oldFiles = files;
        long[] oldOffsets = offsets;
        int[] oldFrames = frames;
        int length = 2 * oldFrames.length;
        files = new long[length];
        offsets = new long[length];
        frames = filled(length);
        for (int i = 0; i < oldFrames.length; i++) {
            if (oldFrames[i] != NONE) {
                insert(oldFiles[i], oldOffsets[i], oldFrames[i]);
            }
        }
    }

    private static int place(long file, long offset, int mask) {
        long hash = (file * 0x9E3779B97F4A7C15L + offset) * 0xD6E8FEB86659FD93L;
        return (int) (hash >>> 32) & mask;
    }
}
