package io.nodedb.bench.rows;

import io.nodedb.bench.kv.Records;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * Rows that follow from a number and a version, so that each can be checked without a copy. Keys
 * sort as their numbers; values look like documents of text, and compress as such.
 *
 * <pre>
 *   key    number u64, big-endian | mixed number u64
 *   value  number u64 | version u64 | text of one of {@value #TEMPLATES} documents, 200 to 1 000 bytes
 * </pre>
 *
 * Immutable once made.
 */
final class DocumentRows {
    static final int KEY_BYTES = 2 * Long.BYTES;
    static final int MIN_BYTES = 200;
    static final int MAX_BYTES = 1_000;

    /** Enough that a block hardly ever holds the same one twice. */
    private static final int TEMPLATES = 1 << 14;

    private static final int WORDS = 2_000;
    private static final int HEADER_BYTES = 2 * Long.BYTES;
    private static final long SEED = 7;
    private static final VarHandle BIG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[][] templates = new byte[TEMPLATES][];

    DocumentRows() {
        SplittableRandom random = new SplittableRandom(SEED);
        String[] words = new String[WORDS];
        for (int i = 0; i < WORDS; i++) {
            words[i] = word(random);
        }
        for (int i = 0; i < TEMPLATES; i++) {
            templates[i] = document(random, words);
        }
    }

    private static String word(SplittableRandom random) {
        StringBuilder word = new StringBuilder();
        for (int letters = random.nextInt(2, 11); letters > 0; letters--) {
            word.append((char) ('a' + random.nextInt(26)));
        }
        return word.toString();
    }

    private static byte[] document(SplittableRandom random, String[] words) {
        int length = random.nextInt(MIN_BYTES, MAX_BYTES + 1);
        StringBuilder text = new StringBuilder(" ".repeat(HEADER_BYTES));
        for (int field = 0; text.length() < length; field++) {
            text.append(",\"field").append(field).append("\":");
            if (random.nextInt(3) == 0) {
                text.append(random.nextInt(10_000_000));
            } else {
                text.append('"').append(words[random.nextInt(WORDS)]);
                for (int more = random.nextInt(8); more > 0; more--) {
                    text.append(' ').append(words[random.nextInt(WORDS)]);
                }
                text.append('"');
            }
        }
        return Arrays.copyOf(text.toString().getBytes(StandardCharsets.ISO_8859_1), length);
    }

    private byte[] template(long number, long version) {
        return templates[(int) Records.mix(number * 31 + version) & (TEMPLATES - 1)];
    }

    void key(long number, byte[] into) {
        BIG.set(into, 0, number);
        BIG.set(into, Long.BYTES, Records.mix(number));
    }

    /** Writes the value to the start of {@code into}; returns its length. */
    int value(long number, long version, byte[] into) {
        byte[] template = template(number, version);
        System.arraycopy(template, 0, into, 0, template.length);
        BIG.set(into, 0, number);
        BIG.set(into, Long.BYTES, version);
        return template.length;
    }

    /** Bytes of a row's key and value. */
    int bytes(long number, long version) {
        return KEY_BYTES + template(number, version).length;
    }

    boolean isKey(long number, byte[] key) {
        return (long) BIG.get(key, 0) == number
                && (long) BIG.get(key, Long.BYTES) == Records.mix(number);
    }

    /** True when the value is the number's in that version, to the last byte. */
    boolean isValue(long number, long version, byte[] value, int length) {
        byte[] template = template(number, version);
        return length == template.length
                && (long) BIG.get(value, 0) == number
                && (long) BIG.get(value, Long.BYTES) == version
                && Arrays.equals(
                        value, HEADER_BYTES, length, template, HEADER_BYTES, template.length);
    }
}
