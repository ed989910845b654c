package io.nodedb.data.core;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.plan.kv.command.Arguments;
import io.nodedb.plan.kv.command.Command;
import java.util.Arrays;

/**
 * A key that clients wait for, and what they want it to hold: those who wait for a list and those
 * who wait for a sorted set stand in different queues.
 */
@CoreOwned
final class WaitedKey {
    /** A command's number is stable, and its hundreds tell the type that it works on. */
    private static final int TYPE_DIVISOR = 100;

    private int collection;
    private int type;
    private byte[] bytes;
    private int from;
    private int length;
    private int hash;

    /** For looking up: {@link #set} says what. */
    WaitedKey() {
        bytes = new byte[0];
    }

    private WaitedKey(int collection, int type, byte[] bytes) {
        this();
        set(collection, type, bytes, 0, bytes.length);
    }

    /** A command's key, copied. */
    static WaitedKey of(int collection, Command command, Arguments arguments, int argument) {
        return new WaitedKey(collection, typeOf(command), arguments.copy(argument));
    }

    static int typeOf(Command command) {
        return command.number() / TYPE_DIVISOR;
    }

    /** Makes this the key that these bytes are, which are not copied. */
    void set(int ofCollection, int ofType, byte[] buffer, int offset, int size) {
        collection = ofCollection;
        type = ofType;
        bytes = buffer;
        from = offset;
        length = size;
        hash = Long.hashCode(KeyHash.of(buffer, offset, size)) * 31 + ofCollection * 31 + ofType;
    }

    @Override
    public int hashCode() {
        return hash;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WaitedKey that
                && collection == that.collection
                && type == that.type
                && Arrays.equals(
                        bytes, from, from + length, that.bytes, that.from, that.from + that.length);
    }
}
