package io.nodedb.kv;

import io.nodedb.storage.wal.EffectFormat;

/**
 * How a value is encoded: a byte in each version and effect.
 *
 * <pre>
 *  bits 0-2  code of the {@link ValueType}
 *  bit  3    {@link #INDEXED}: the value is the head of a structure, see {@link StructureHead}
 *  bit  7    {@link EffectFormat#PART}: an element of a structure; its key is the structure's
 *            number, 8 bytes little-endian, and the element's own key
 * </pre>
 *
 * The form of a string is 0. Without INDEXED and PART, all elements are packed in the value, see
 * {@link PackedElements}.
 */
final class ValueForm {
    static final int INDEXED = 8;

    /** Bytes of a structure's number before an element's own key. */
    static final int ID_BYTES = 8;

    private static final int TYPE_MASK = 7;

    private ValueForm() {}

    static ValueType type(int form) {
        return ValueType.ofCode(form & TYPE_MASK);
    }

    static boolean isIndexed(int form) {
        return (form & (INDEXED | EffectFormat.PART)) == INDEXED;
    }

    static boolean isElement(int form) {
        return (form & EffectFormat.PART) != 0;
    }

    static int packed(ValueType type) {
        return type.code();
    }

    static int indexed(ValueType type) {
        return type.code() | INDEXED;
    }

    static int element(ValueType type) {
        return type.code() | EffectFormat.PART;
    }
}
