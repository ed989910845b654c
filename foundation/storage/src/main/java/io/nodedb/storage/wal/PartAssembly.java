package io.nodedb.storage.wal;

import io.nodedb.storage.bytes.LittleEndian;
import java.util.Arrays;

/**
 * Puts operations together that the border of two PARTs cuts: a value may be larger than a record.
 * Takes the parts of one participant in order and gives what is whole after each. Single-threaded,
 * reusable; holds one part and the begun operation.
 */
final class PartAssembly {
    /** An array that a large operation made longer than this is given up afterwards. */
    private static final int KEPT_BYTES = 1 << 20;

    private byte[] bytes = new byte[0];
    private int length;
    private int whole;

    /** Before the first part of a participant. */
    void begin() {
        length = 0;
        whole = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[0];
        }
    }

    /** Adds a part; true when {@code effects} now stands before at least one whole operation. */
    boolean add(RecordReader part, int participant, EffectReader effects) {
        System.arraycopy(bytes, whole, bytes, 0, length - whole);
        length -= whole;
        int skip = RecordFormat.PART_NUMBER_BYTES;
        int more = part.sectionBytes(participant) - skip;
        int needed = Math.addExact(length, more);
        if (needed > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(needed, Math.min(2 * length, KEPT_BYTES)));
        }
        System.arraycopy(
                part.buffer(), part.sectionOffset(participant) + skip, bytes, length, more);
        length = needed;
        whole = wholeOperations();
        effects.wrap(bytes, 0, whole);
        return whole > 0;
    }

    /** A length that is none ends the walk: the reader then meets it and reports it. */
    private int wholeOperations() {
        int at = 0;
        while (length - at >= EffectFormat.HEADER_BYTES) {
            int operation = LittleEndian.getInt(bytes, at + EffectFormat.BYTES_OFFSET);
            if (operation < EffectFormat.HEADER_BYTES) {
                return length;
            }
            if (operation > length - at) {
                return at;
            }
            at += operation;
        }
        return at;
    }

    /** An operation has begun and its end has not come. */
    boolean isCut() {
        return whole != length;
    }
}
