package io.nodedb.control.catalog;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import java.util.Arrays;

/**
 * A collection's definition (columns, keys, rules) as its engine's library has encoded it; the
 * catalog keeps it and does not look into it.
 */
@Immutable
public final class DefinitionBytes {
    /** Of a collection that has none. */
    public static final DefinitionBytes NONE = new DefinitionBytes(new byte[0]);

    /** Longest definition: a catalog entry is read, and written, as a whole. */
    public static final int MAX_BYTES = 1 << 20;

    private final byte[] bytes;

    private DefinitionBytes(byte[] bytes) {
        this.bytes = bytes;
    }

    /** A copy of these bytes; {@code PROGRAM_LIMIT} when they are too many. */
    public static DefinitionBytes of(byte[] bytes) {
        if (bytes.length > MAX_BYTES) {
            throw new NodeDbException(
                    ErrorCode.PROGRAM_LIMIT,
                    "The collection's definition is too large: bytes="
                            + bytes.length
                            + " limit="
                            + MAX_BYTES);
        }
        return bytes.length == 0 ? NONE : new DefinitionBytes(bytes.clone());
    }

    public boolean isEmpty() {
        return bytes.length == 0;
    }

    public int length() {
        return bytes.length;
    }

    /** A copy. */
    public byte[] toByteArray() {
        return bytes.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof DefinitionBytes that && Arrays.equals(that.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return "definition of " + bytes.length + " bytes";
    }
}
