package io.nodedb;

import io.nodedb.base.ownership.Immutable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/** A key and its value, as a scan found them. The arrays are the reader's own. */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // equality is by content
public record Entry(byte[] key, byte[] value, Optional<Instant> expiresAt) {
    /** The key as UTF-8 text. */
    public String keyText() {
        return new String(key, StandardCharsets.UTF_8);
    }

    /** The value as UTF-8 text. */
    public String valueText() {
        return new String(value, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Entry that
                && Arrays.equals(key, that.key)
                && Arrays.equals(value, that.value)
                && expiresAt.equals(that.expiresAt);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * Arrays.hashCode(key) + Arrays.hashCode(value)) + expiresAt.hashCode();
    }

    @Override
    public String toString() {
        return "Entry[key=" + keyText() + ", valueBytes=" + value.length + ", " + expiresAt + "]";
    }
}
