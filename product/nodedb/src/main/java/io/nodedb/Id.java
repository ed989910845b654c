package io.nodedb;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.KeyOrder;
import io.nodedb.base.value.KeyReader;
import io.nodedb.base.value.KeyWriter;
import io.nodedb.base.value.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;

/**
 * The primary key of a document: one value of any type but NULL, or several. Ids are ordered as
 * their values are, one column after the other; numbers that are equal are the same id whatever
 * their types.
 */
@Immutable
public final class Id implements Comparable<Id> {
    /** Longest id, encoded: that of a row store's key. */
    static final int MAX_BYTES = 16 * 1024;

    private final byte[] key;

    private Id(byte[] key) {
        this.key = key;
    }

    public static Id of(String text) {
        return of(new Value.Text(text));
    }

    public static Id of(long number) {
        return of(new Value.Int8(number));
    }

    public static Id of(UUID uuid) {
        return of(Value.Uuid.of(uuid));
    }

    /** Of these columns. {@code INVALID_ARGUMENT} without any, or for NULL. */
    public static Id of(Value... columns) {
        if (columns.length == 0) {
            throw new NodeDbException(ErrorCode.INVALID_ARGUMENT, "An id has at least one value");
        }
        KeyWriter writer = new KeyWriter();
        for (Value column : columns) {
            if (column.isNull()) {
                throw new NodeDbException(ErrorCode.INVALID_ARGUMENT, "An id is not NULL");
            }
            writer.put(column, KeyOrder.ASCENDING);
        }
        if (writer.size() > MAX_BYTES) {
            throw new NodeDbException(
                    ErrorCode.PROGRAM_LIMIT,
                    "The id is too long: bytes=" + writer.size() + " limit=" + MAX_BYTES);
        }
        return new Id(writer.toByteArray());
    }

    /** Takes over the bytes of an encoded id. */
    static Id ofKey(byte[] key) {
        return new Id(key);
    }

    /** The bytes by which ids are stored and ordered; not to be changed. */
    byte[] key() {
        return key;
    }

    /** Its columns; numbers come as the smallest type that holds them. */
    public List<Value> values() {
        List<Value> values = new ArrayList<>();
        KeyReader reader = new KeyReader(key);
        while (reader.hasNext()) {
            values.add(reader.next(KeyOrder.ASCENDING));
        }
        return List.copyOf(values);
    }

    @Override
    public int compareTo(Id other) {
        return Arrays.compareUnsigned(key, other.key);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Id that && Arrays.equals(that.key, key);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(key);
    }

    @Override
    public String toString() {
        List<Value> values = values();
        return values.size() == 1 ? values.getFirst().toString() : values.toString();
    }
}
