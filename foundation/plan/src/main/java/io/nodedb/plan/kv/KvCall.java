package io.nodedb.plan.kv;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.plan.Call;
import java.util.Arrays;

/**
 * One operation on one key, and its answer. Byte fields are an array and a length, because arrays
 * are reused; they grow on the sender's side for inputs and on the core's side for {@link #result}
 * (values up to {@link #INLINE_RESULT_BYTES}; larger ones are streamed in chunks).
 */
public final class KvCall extends Call {
    /** For {@link #expireAtMillis}: leave the expiry as it is. */
    public static final long KEEP_EXPIRY = -1;

    /**
     * Largest value that is answered in {@link #result}; a larger one comes as partial responses
     * and {@link #resultLength} is its whole length.
     */
    public static final int INLINE_RESULT_BYTES = 16 * 1024;

    private static final byte[] EMPTY = {};

    public KvOp op = KvOp.GET;
    public int collection;

    /**
     * Version of the collection's definition that {@link #value} was made by; a core that knows
     * another refuses to put it. 0 of a collection without a definition.
     */
    public int definition;

    /**
     * Stands for what the caller gave where {@link #value} was made from it by rules that may give
     * another at another time; 0 when the value is what was given.
     */
    public long givenHash;

    public byte[] key = EMPTY;
    public int keyLength;
    public long keyHash;
    public byte[] value = EMPTY;
    public int valueLength;
    public byte[] expected = EMPTY;
    public int expectedLength;
    public KvCondition condition = KvCondition.ALWAYS;
    public long number;
    public long expireAtMillis;

    /** The key was present (for writes: before the write). */
    public boolean found;

    /** A conditional write took effect. */
    public boolean applied;

    public long resultNumber;
    public byte[] result = EMPTY;
    public int resultLength;

    /** Engine scratch for a streamed answer: how many bytes have been sent. */
    public long streamed;

    /** Copies a key in and computes its hash. */
    public void setKey(byte[] bytes, int offset, int length) {
        if (key.length < length) {
            key = new byte[Math.max(length, 64)];
        }
        System.arraycopy(bytes, offset, key, 0, length);
        keyLength = length;
        keyHash = KeyHash.of(key, 0, length);
    }

    /** Copies a value in. */
    public void setValue(byte[] bytes, int offset, int length) {
        if (value.length < length) {
            value = new byte[Math.max(length, 128)];
        }
        System.arraycopy(bytes, offset, value, 0, length);
        valueLength = length;
    }

    /** Copies an expected value in. */
    public void setExpected(byte[] bytes, int offset, int length) {
        if (expected.length < length) {
            expected = new byte[Math.max(length, 128)];
        }
        System.arraycopy(bytes, offset, expected, 0, length);
        expectedLength = length;
    }

    /**
     * Room for an inline answer of {@code length} bytes; allocates only when it is the largest so
     * far.
     */
    public byte[] resultBuffer(int length) {
        if (result.length < length) {
            result = new byte[Math.max(length, Math.min(INLINE_RESULT_BYTES, 2 * result.length))];
        }
        return result;
    }

    @Override
    public boolean writes() {
        return op.writes();
    }

    @Override
    public int operation() {
        return op.number();
    }

    @Override
    public int collection() {
        return collection;
    }

    @Override
    public long valuesHash() {
        long given = givenHash != 0 ? givenHash : KeyHash.of(value, 0, valueLength);
        long hash = keyHash * 31 + given;
        hash = hash * 31 + KeyHash.of(expected, 0, expectedLength);
        return ((hash * 31 + condition.name().hashCode()) * 31 + number) * 31 + expireAtMillis;
    }

    @Override
    public void reset() {
        op = KvOp.GET;
        collection = 0;
        definition = 0;
        givenHash = 0;
        keyLength = 0;
        keyHash = 0;
        valueLength = 0;
        if (value.length > INLINE_RESULT_BYTES) {
            value = EMPTY;
        }
        expectedLength = 0;
        if (expected.length > INLINE_RESULT_BYTES) {
            expected = EMPTY;
        }
        condition = KvCondition.ALWAYS;
        number = 0;
        expireAtMillis = 0;
        resetAnswer();
        if (result.length > INLINE_RESULT_BYTES) {
            result = EMPTY;
        }
    }

    /** Forgets the answer only. */
    public void resetAnswer() {
        found = false;
        applied = false;
        resultNumber = 0;
        resultLength = 0;
        streamed = 0;
    }

    @Override
    public String toString() {
        return op
                + " collection="
                + collection
                + " key="
                + new String(
                        Arrays.copyOf(key, Math.min(keyLength, 64)),
                        java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
