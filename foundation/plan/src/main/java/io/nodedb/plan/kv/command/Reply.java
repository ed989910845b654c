package io.nodedb.plan.kv.command;

import io.nodedb.base.errors.Check;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A command's answer, independent of the protocol's version: elements one after another, each a tag
 * and what belongs to it, little-endian; aggregates are followed by their elements.
 *
 * <pre>
 *   STATUS, ERROR, BULK   tag u8, length u32, bytes
 *   INTEGER               tag u8, i64
 *   DOUBLE                tag u8, f64
 *   NULL, NULL_ARRAY      tag u8
 *   TRUE, FALSE           tag u8
 *   ARRAY, SET, PUSH      tag u8, number of elements u32
 *   MAP                   tag u8, number of pairs u32
 *   PAIRS                 tag u8, number of pairs u32; each pair begins with PAIR
 *   PAIR                  tag u8
 * </pre>
 *
 * A large answer may be sent in parts: the bytes of all chunks, then those of this buffer, are one
 * reply. Whoever holds the call owns it.
 */
public final class Reply {
    public static final byte STATUS = 1;
    public static final byte ERROR = 2;
    public static final byte BULK = 3;
    public static final byte INTEGER = 4;
    public static final byte DOUBLE = 5;
    public static final byte NULL = 6;
    public static final byte NULL_ARRAY = 7;
    public static final byte TRUE = 8;
    public static final byte FALSE = 9;
    public static final byte ARRAY = 10;
    public static final byte SET = 11;
    public static final byte MAP = 12;

    /** As an array, but what it brings was not asked for. */
    public static final byte PUSH = 13;

    /** An array of arrays of two in protocol 3, a flat array in protocol 2. */
    public static final byte PAIRS = 14;

    /** Begins each of {@link #PAIRS}. */
    public static final byte PAIR = 15;

    /** Bytes before those of a status, an error or a bulk string. */
    public static final int HEAD_BYTES = 5;

    /**
     * Largest answer of a command that is built whole: 256 MiB, or an eighth of the heap, on which
     * it lies, when that is less; the largest value fits in any case.
     */
    public static final int MAX_BYTES =
            (int) Math.clamp(Runtime.getRuntime().maxMemory() / 8, 72L << 20, 256L << 20);

    private static final int LARGEST_ARRAY = Integer.MAX_VALUE - 8;

    private static final int KEPT_BYTES = 64 * 1024;
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private byte[] bytes = new byte[128];
    private int length;
    private int limit = LARGEST_ARRAY;

    public byte[] bytes() {
        return bytes;
    }

    public int length() {
        return length;
    }

    /** From now on an answer beyond {@link #MAX_BYTES} is an {@link AnswerTooLargeException}. */
    public void limit() {
        limit = MAX_BYTES;
    }

    /** Ends {@link #limit}. */
    public void unlimit() {
        limit = LARGEST_ARRAY;
    }

    /** A simple status, such as OK; see {@link #error} for its letters. */
    public void status(String text) {
        text(STATUS, text);
    }

    public void ok() {
        status("OK");
    }

    /**
     * An error with its prefix: {@code ERR value is not an integer or out of range}. It stays on
     * one line, whatever of a client's bytes it repeats: line ends become spaces, those at the end
     * go. Letters up to U+00FF stand for the bytes of their numbers.
     */
    public void error(String text) {
        text(ERROR, text);
    }

    private void text(byte tag, String text) {
        int size = text.length();
        while (size > 0 && isLineEnd(text.charAt(size - 1))) {
            size--;
        }
        int from = length;
        int at = header(tag, size);
        for (int i = 0; i < size; i++) {
            char letter = text.charAt(i);
            if (letter > 0xFF) {
                length = from;
                encoded(tag, text);
                return;
            }
            bytes[at + i] = isLineEnd(letter) ? (byte) ' ' : (byte) letter;
        }
    }

    private static boolean isLineEnd(char letter) {
        return letter == '\r' || letter == '\n';
    }

    private void encoded(byte tag, String text) {
        byte[] encoded =
                text.replace('\r', ' ').replace('\n', ' ').getBytes(StandardCharsets.UTF_8);
        int at = header(tag, encoded.length);
        System.arraycopy(encoded, 0, bytes, at, encoded.length);
    }

    public void bulk(byte[] source, int offset, int size) {
        int at = claimBulk(size);
        System.arraycopy(source, offset, bytes, at, size);
    }

    public void bulk(byte[] source) {
        bulk(source, 0, source.length);
    }

    /** ASCII or UTF-8 text as a bulk string. */
    public void bulk(String text) {
        bulk(text.getBytes(StandardCharsets.UTF_8));
    }

    /** A bulk string of {@code size} bytes that the caller fills in {@link #bytes}; its offset. */
    public int claimBulk(int size) {
        return header(BULK, size);
    }

    /** The head of a bulk string of {@code size} bytes, for a chunk; {@link #HEAD_BYTES} long. */
    public static void putBulkHead(byte[] target, int at, int size) {
        target[at] = BULK;
        INT.set(target, at + 1, size);
    }

    /**
     * Only the head of a bulk string, whose {@code size} bytes follow in chunks or by {@link #raw}.
     */
    public void bulkHead(int size) {
        ensure(5);
        bytes[length] = BULK;
        INT.set(bytes, length + 1, size);
        length += 5;
    }

    /** Room for {@code size} bytes as they are; their offset in {@link #bytes}. */
    public int raw(int size) {
        ensure(size);
        int at = length;
        length += size;
        return at;
    }

    public void integer(long value) {
        ensure(9);
        bytes[length] = INTEGER;
        LONG.set(bytes, length + 1, value);
        length += 9;
    }

    public void number(double value) {
        ensure(9);
        bytes[length] = DOUBLE;
        LONG.set(bytes, length + 1, Double.doubleToRawLongBits(value));
        length += 9;
    }

    public void nil() {
        tag(NULL);
    }

    public void nullArray() {
        tag(NULL_ARRAY);
    }

    public void bool(boolean value) {
        tag(value ? TRUE : FALSE);
    }

    public void array(int elements) {
        aggregate(ARRAY, elements);
    }

    public void set(int elements) {
        aggregate(SET, elements);
    }

    public void push(int elements) {
        aggregate(PUSH, elements);
    }

    public void map(int pairs) {
        aggregate(MAP, pairs);
    }

    /** Begins an array whose number of elements is told by {@link #endArray}; its mark. */
    public int beginArray() {
        int mark = length;
        array(0);
        return mark;
    }

    public void endArray(int mark, int elements) {
        Check.that(bytes[mark] == ARRAY, "the mark of an array", mark);
        INT.set(bytes, mark + 1, elements);
    }

    /** Begins pairs; {@link #pair} and two elements follow for each. */
    public void pairs(int pairs) {
        aggregate(PAIRS, pairs);
    }

    public void pair() {
        tag(PAIR);
    }

    /** Where the next element begins: the mark of an aggregate whose size is told later. */
    public int mark() {
        return length;
    }

    /** Tells the number of elements, or pairs, of the aggregate that begins at a mark. */
    public void endAggregate(int mark, int elements) {
        Check.that(bytes[mark] >= ARRAY && bytes[mark] <= PAIRS, "the mark of an aggregate", mark);
        INT.set(bytes, mark + 1, elements);
    }

    /** Puts an ASCII bulk string before the element that begins at a mark. */
    public void insertBulk(int mark, String text) {
        int moved = length - mark;
        int head = HEAD_BYTES + text.length();
        ensure(head);
        System.arraycopy(bytes, mark, bytes, mark + head, moved);
        length = mark;
        bulk(text);
        length += moved;
    }

    private void tag(byte tag) {
        ensure(1);
        bytes[length++] = tag;
    }

    private void aggregate(byte tag, int elements) {
        ensure(5);
        bytes[length] = tag;
        INT.set(bytes, length + 1, elements);
        length += 5;
    }

    private int header(byte tag, int size) {
        ensure(Math.addExact(5, size));
        bytes[length] = tag;
        INT.set(bytes, length + 1, size);
        int at = length + 5;
        length = at + size;
        return at;
    }

    private void ensure(int more) {
        long end = (long) length + more;
        if (end > bytes.length) {
            if (end > limit) {
                throw new AnswerTooLargeException();
            }
            bytes = Arrays.copyOf(bytes, (int) Math.clamp(2L * bytes.length, end, limit));
        }
    }

    /** Forgets everything behind a length that was read before. */
    public void truncate(int to) {
        Check.that(to <= length, "a reply is cut, not lengthened", length, to);
        length = to;
    }

    public boolean isError() {
        return length > 0 && bytes[0] == ERROR;
    }

    /** Nil, or a nil array. */
    public boolean isNothing() {
        return length > 0 && (bytes[0] == NULL || bytes[0] == NULL_ARRAY);
    }

    /** Do both say the same? */
    public boolean isSame(Reply other) {
        return Arrays.equals(bytes, 0, length, other.bytes, 0, other.length);
    }

    /** Forgets the answer. */
    public void clear() {
        length = 0;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[128];
        }
    }
}
