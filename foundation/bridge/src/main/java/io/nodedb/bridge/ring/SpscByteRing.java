package io.nodedb.bridge.ring;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * A bounded queue of byte records from one thread to one other. Each record is contiguous in {@link
 * #buffer()} and begins at a multiple of 8:
 *
 * <pre>
 * | length u32 | unused u32 | bytes, padded to 8 | length ... | PADDING u32 | up to the end |
 * </pre>
 *
 * A record that does not fit before the end of the buffer begins at its start, behind a padding
 * mark, which is published together with it. Positions are absolute: bytes since the beginning,
 * headers and padding included.
 */
@Shared("release and acquire of two positions")
public final class SpscByteRing extends RingPositions {
    /** Largest capacity in bytes. */
    public static final int MAX_CAPACITY = 64 << 20;

    /** What {@link #claim} and {@link #peek} answer when there is no room or no record. */
    public static final int NONE = -1;

    private static final int ALIGNMENT = 8;
    private static final int HEADER_BYTES = 8;
    private static final int PADDING = -1;

    /** With a smaller part, a record and the padding before it always fit an empty ring. */
    private static final int RECORDS_PER_CAPACITY = 4;

    private static final int MIN_CAPACITY = 64;
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    private final byte[] buffer;

    /** {@code capacityBytes} is a power of two, 64 bytes to 64 MiB. */
    public SpscByteRing(int capacityBytes) {
        super(capacityBytes, MAX_CAPACITY);
        Check.that(capacityBytes >= MIN_CAPACITY, "a byte ring has 64 bytes", capacityBytes);
        buffer = new byte[capacityBytes];
    }

    /** Where claimed and peeked bytes lie. */
    public byte[] buffer() {
        return buffer;
    }

    /** Length of the largest record. */
    public int maxRecord() {
        return buffer.length / RECORDS_PER_CAPACITY;
    }

    /** How full the ring is, 0 to 100. Any thread. */
    public int fillPercent() {
        return (int) (size() * 100L / buffer.length);
    }

    /**
     * Producer. Finds room for {@code length} bytes and returns their offset in {@link #buffer()},
     * or {@link #NONE} when there is none now. Claiming again replaces a claim that was not
     * published.
     */
    public int claim(int length) {
        Check.that(length >= 0 && length <= maxRecord(), "a record's length", maxRecord(), length);
        int total = occupied(length);
        long position = producerPosition;
        int offset = (int) position & (buffer.length - 1);
        int toEnd = buffer.length - offset;
        int padding = total <= toEnd ? 0 : toEnd;
        long end = position + padding + total;
        if (end > producerLimit && !fits(end)) {
            return NONE;
        }
        if (padding > 0) {
            INT.set(buffer, offset, PADDING);
            offset = 0;
        }
        INT.set(buffer, offset, length);
        producerNext = end;
        return offset + HEADER_BYTES;
    }

    /** Producer. Makes the claimed record visible. */
    public void publish() {
        Check.that(producerNext > producerPosition, "a record was claimed before it is published");
        publishTo(producerNext);
    }

    /** Producer. Gives a claim up. */
    public void abandon() {
        producerNext = producerPosition;
    }

    /**
     * Consumer. Offset in {@link #buffer()} of the oldest record, or {@link #NONE}. It stays until
     * {@link #release}.
     */
    public int peek() {
        long position = consumerPosition;
        if (position >= consumerLimit && !refill()) {
            return NONE;
        }
        int offset = (int) position & (buffer.length - 1);
        int length = (int) INT.get(buffer, offset);
        if (length == PADDING) {
            position += buffer.length - offset;
            offset = 0;
            length = (int) INT.get(buffer, 0);
        }
        Check.that(length >= 0 && length <= maxRecord(), "a record's length", maxRecord(), length);
        consumerLength = length;
        consumerNext = position + occupied(length);
        return offset + HEADER_BYTES;
    }

    /** Consumer. Length of the record that {@link #peek} found. */
    public int peekedLength() {
        return (int) consumerLength;
    }

    /** Consumer. Gives the peeked record's room back. */
    public void release() {
        Check.that(consumerNext > consumerPosition, "a record was peeked before it is released");
        releaseTo(consumerNext);
    }

    private static int occupied(int length) {
        return (HEADER_BYTES + length + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
