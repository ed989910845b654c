package io.nodedb.server.resp;

import io.nodedb.base.ownership.Immutable;
import java.util.Arrays;

/** The bytes of a channel's name or of a pattern, as a key of maps. */
@Immutable
@SuppressWarnings("Immutable") // the array is never written
final class ChannelName {
    private final byte[] bytes;

    /** {@code bytes} must not change any more. */
    ChannelName(byte[] bytes) {
        this.bytes = bytes;
    }

    /** Only to be read. */
    byte[] bytes() {
        return bytes;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof ChannelName name && Arrays.equals(bytes, name.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }
}
