package io.nodedb;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with the keys and values of a collection, in a transaction or outside of one.
 *
 * <p>Keys and values are bytes; they are copied on the way in and out. Methods that take text use
 * UTF-8. A key whose expiry has passed is absent.
 *
 * <p>Every method may fail with a {@link io.nodedb.base.errors.NodeDbException}: among others with
 * {@code DEADLINE_EXCEEDED}, with {@code NOT_FOUND} when the collection was dropped, and for writes
 * with {@code OUT_OF_MEMORY}, {@code DISK_FULL}, {@code STORAGE_FAILED} or {@code OUTCOME_UNKNOWN}.
 */
public interface KeyValueOperations {
    /** The name of the collection. */
    String name();

    /** The value, or null when the key is absent. */
    byte @Nullable [] get(byte[] key);

    /** True when the key is present. */
    boolean exists(byte[] key);

    /**
     * Stores a value.
     *
     * @return false when the condition of {@code options} kept the put from taking effect
     */
    boolean put(byte[] key, byte[] value, PutOptions options);

    /**
     * Removes a key.
     *
     * @return true when it was present
     */
    boolean delete(byte[] key);

    /**
     * Adds to a value that is a 64-bit integer in decimal digits; an absent one counts as 0. The
     * expiry stays. {@code TYPE_MISMATCH} when it is no integer, {@code OVERFLOW} when the sum is
     * none.
     *
     * @return the sum
     */
    long increment(byte[] key, long delta);

    /**
     * Replaces a value if it is the expected one; the new one has no expiry.
     *
     * @return true when it was replaced
     */
    boolean compareAndPut(byte[] key, byte[] expected, byte[] value);

    /**
     * Removes a key if its value is the expected one.
     *
     * @return true when it was removed
     */
    boolean compareAndDelete(byte[] key, byte[] expected);

    /**
     * Stores a value without expiry.
     *
     * @return the value before, or null
     */
    byte @Nullable [] getAndPut(byte[] key, byte[] value);

    /**
     * Removes a key.
     *
     * @return the value before, or null
     */
    byte @Nullable [] getAndDelete(byte[] key);

    /**
     * Lets a present key expire after a time, in milliseconds from now.
     *
     * @return true when the key is present
     */
    boolean expire(byte[] key, Duration life);

    /**
     * Lets a present key live without end.
     *
     * @return true when the key is present
     */
    boolean persist(byte[] key);

    /** The time until the key expires; empty when it does not, or is absent. */
    Optional<Duration> ttl(byte[] key);

    /** All entries as of now. Close it unless it is read to its end. */
    Scan scan();

    /** The number of keys as of now. Its cost grows with it: every key is visited. */
    long count();

    /** Stores a value without expiry, whatever was there. */
    default void put(byte[] key, byte[] value) {
        put(key, value, PutOptions.DEFAULTS);
    }

    /** As {@link #get(byte[])}, in text. */
    default @Nullable String get(String key) {
        byte[] value = get(utf8(key));
        return value == null ? null : new String(value, StandardCharsets.UTF_8);
    }

    /** The value of a key in text, or null. */
    default byte @Nullable [] getBytes(String key) {
        return get(utf8(key));
    }

    /** As {@link #exists(byte[])}, in text. */
    default boolean exists(String key) {
        return exists(utf8(key));
    }

    /** As {@link #put(byte[], byte[])}, in text. */
    default void put(String key, String value) {
        put(utf8(key), utf8(value), PutOptions.DEFAULTS);
    }

    /** As {@link #put(byte[], byte[])}, with the key in text. */
    default void put(String key, byte[] value) {
        put(utf8(key), value, PutOptions.DEFAULTS);
    }

    /** As {@link #put(byte[], byte[], PutOptions)}, in text. */
    default boolean put(String key, String value, PutOptions options) {
        return put(utf8(key), utf8(value), options);
    }

    /** As {@link #delete(byte[])}, in text. */
    default boolean delete(String key) {
        return delete(utf8(key));
    }

    /** As {@link #increment(byte[], long)}, with the key in text. */
    default long increment(String key, long delta) {
        return increment(utf8(key), delta);
    }

    /** As {@link #compareAndPut(byte[], byte[], byte[])}, in text. */
    default boolean compareAndPut(String key, String expected, String value) {
        return compareAndPut(utf8(key), utf8(expected), utf8(value));
    }

    /** As {@link #compareAndDelete(byte[], byte[])}, in text. */
    default boolean compareAndDelete(String key, String expected) {
        return compareAndDelete(utf8(key), utf8(expected));
    }

    /** As {@link #getAndPut(byte[], byte[])}, in text. */
    default @Nullable String getAndPut(String key, String value) {
        byte[] before = getAndPut(utf8(key), utf8(value));
        return before == null ? null : new String(before, StandardCharsets.UTF_8);
    }

    /** As {@link #getAndDelete(byte[])}, in text. */
    default @Nullable String getAndDelete(String key) {
        byte[] before = getAndDelete(utf8(key));
        return before == null ? null : new String(before, StandardCharsets.UTF_8);
    }

    /** As {@link #expire(byte[], Duration)}, with the key in text. */
    default boolean expire(String key, Duration life) {
        return expire(utf8(key), life);
    }

    /** As {@link #persist(byte[])}, with the key in text. */
    default boolean persist(String key) {
        return persist(utf8(key));
    }

    /** As {@link #ttl(byte[])}, with the key in text. */
    default Optional<Duration> ttl(String key) {
        return ttl(utf8(key));
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
