package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import java.nio.ByteBuffer;

/** A key of a collection, equal by its bytes, which must not change. */
@Immutable
@SuppressWarnings("Immutable") // a read-only view of bytes that nobody changes
record DatabaseKey(int collection, ByteBuffer key) {
    static DatabaseKey of(int collection, byte[] key) {
        return new DatabaseKey(collection, ByteBuffer.wrap(key).asReadOnlyBuffer());
    }

    /** A copy of its bytes. */
    byte[] bytes() {
        byte[] bytes = new byte[key.remaining()];
        key.get(key.position(), bytes);
        return bytes;
    }
}
