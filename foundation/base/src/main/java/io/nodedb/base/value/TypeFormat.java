package io.nodedb.base.value;

import io.nodedb.base.errors.ErrorCode;

/**
 * A type as bytes, for catalogs and stored expressions.
 *
 * <pre>
 * type  byte tag, varint length + 1, varint scale; an array: then its element's type
 * </pre>
 */
public final class TypeFormat {
    private TypeFormat() {}

    public static void write(Type type, ByteWriter target) {
        target.putByte(type.tag().number());
        target.putVarint(type.length() + 1L).putVarint(type.scale());
        if (type.isArray()) {
            write(type.elementType(), target);
        }
    }

    /** {@link ErrorCode#DATA_CORRUPTED} for bytes that {@link #write} does not give. */
    public static Type read(ByteReader source) {
        return read(source, 0);
    }

    private static Type read(ByteReader source, int depth) {
        int number = source.getByte();
        long length = source.getVarint() - 1;
        long scale = source.getVarint();
        boolean known =
                TypeTag.isKnown(number)
                        && length >= Type.UNLIMITED
                        && length <= Type.MAX_LENGTH
                        && scale >= 0
                        && scale <= Type.MAX_PRECISION;
        if (!known || depth > Value.MAX_NESTING) {
            throw source.corrupted("a type is unknown or out of bounds: number=" + number);
        }
        TypeTag tag = TypeTag.ofNumber(number);
        Type element = tag == TypeTag.ARRAY ? read(source, depth + 1) : null;
        return new Type(tag, (int) length, (int) scale, element);
    }
}
