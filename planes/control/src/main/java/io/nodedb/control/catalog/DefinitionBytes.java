package io.nodedb.control.catalog;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import java.util.Arrays;

/**
 * A collection's definition (columns, keys, rules) as its engine's library has encoded it; the
 * catalog keeps it and does not look into it. Its version is all that the planes know of it: each
 * change gives another one, and cores refuse rows that were made by another than the present one.
 */
@Immutable
public final class DefinitionBytes {
    /** Of a collection that has none. */
    public static final DefinitionBytes NONE = new DefinitionBytes(0, new byte[0]);

    /** Longest definition: a catalog entry is read, and written, as a whole. */
    public static final int MAX_BYTES = 1 << 20;

    private final int version;
    private final byte[] bytes;

    private DefinitionBytes(int version, byte[] bytes) {
        this.version = version;
        this.bytes = bytes;
    }

    /**
     * A copy of these bytes, which are at least one; {@code PROGRAM_LIMIT} when they are too many.
     *
     * @param version from 1
     */
    public static DefinitionBytes of(int version, byte[] bytes) {
        Check.that(version > 0, "a definition has a version", version);
        Check.that(bytes.length > 0, "a definition has bytes");
        if (bytes.length > MAX_BYTES) {
            throw new NodeDbException(
                    ErrorCode.PROGRAM_LIMIT,
                    "The collection's definition is too large: bytes="
                            + bytes.length
                            + " limit="
                            + MAX_BYTES);
        }
        return new DefinitionBytes(version, bytes.clone());
    }

    /** 0 of {@link #NONE}. */
    public int version() {
        return version;
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
        return other instanceof DefinitionBytes that
                && that.version == version
                && Arrays.equals(that.bytes, bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes) * 31 + version;
    }

    @Override
    public String toString() {
        return "definition " + version + " of " + bytes.length + " bytes";
    }
}
