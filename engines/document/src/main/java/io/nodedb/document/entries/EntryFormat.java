package io.nodedb.document.entries;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.value.ByteReader;
import io.nodedb.base.value.KeyReader;
import io.nodedb.base.value.KeyWriter;
import io.nodedb.base.value.Value;
import io.nodedb.document.definition.IndexDefinition;
import io.nodedb.document.definition.IndexPart;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * An entry of an index: everything is in its key, there is no value.
 *
 * <pre>
 * entry  4 B  the index's id, big-endian
 *        each part as a column of {@link KeyWriter}, in its order
 *        the row's primary key, to the end
 * </pre>
 *
 * <p>Unsigned bytes order entries by index, then by the parts, then by the primary key. A unique
 * index has the same layout: two entries that agree up to the primary key are of one value.
 */
public final class EntryFormat {
    /** Bytes of the index's id. */
    public static final int ID_BYTES = Integer.BYTES;

    private EntryFormat() {}

    /** The id of the index that an entry belongs to. */
    public static int indexId(byte[] entry) {
        return new ByteReader(entry).getInt();
    }

    /**
     * Where the primary key begins; {@link ErrorCode#DATA_CORRUPTED} for bytes that are no entry of
     * the index.
     */
    public static int partsEnd(IndexDefinition index, byte[] entry) {
        return read(index, entry, new ArrayList<>());
    }

    /** The primary key of the row that an entry belongs to. */
    public static byte[] primaryKey(IndexDefinition index, byte[] entry) {
        return Arrays.copyOfRange(entry, partsEnd(index, entry), entry.length);
    }

    /** The values of the parts, equal to those of the row; numbers have lost their type. */
    public static List<Value> parts(IndexDefinition index, byte[] entry) {
        List<Value> values = new ArrayList<>();
        read(index, entry, values);
        return values;
    }

    private static int read(IndexDefinition index, byte[] entry, List<Value> values) {
        if (entry.length < ID_BYTES || indexId(entry) != index.id()) {
            throw new NodeDbException(
                    ErrorCode.DATA_CORRUPTED,
                    "An entry is of another index: index=\""
                            + index.name()
                            + "\" id="
                            + index.id()
                            + " bytes="
                            + entry.length
                            + ".");
        }
        KeyReader reader = new KeyReader(entry, ID_BYTES);
        for (IndexPart part : index.parts()) {
            values.add(reader.next(part.order()));
        }
        return reader.position();
    }
}
