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
 * | length + 1 u32 | unused u32 | bytes, padded to 8 | length + 1 ... | PADDING u32 | up to the end |
 * </pre>
 *
 * A record that does not fit before the end of the buffer begins at its start, behind a padding
 * mark, which is published together with it. Positions are absolute: bytes since the beginning,
 * headers and padding included.
 *
 * <p>The header itself carries the news: the producer clears the one behind its record before it
 * writes the record's own, so a consumer that looks at the next header finds a length or nothing
 * and does not fetch the producer's position, which would cost it a second cache line a record. So
 * the room of one header always stays free.
 *
 * <p>A header is an int at a multiple of 4 in an array of bytes, for which Java offers no access
 * modes; it is written behind a release fence and read before an acquire fence, as one machine word
 * (the byte view's accessors take aligned ints whole). The jcstress tests of this class show that
 * it arrives whole and after the bytes that it announces.
 */
@Shared("fences around the headers; release and acquire of two positions")
public final class SpscByteRing extends SpscByteRingBuffer.Padded {
    /** Largest capacity in bytes. */
    public static final int MAX_CAPACITY = 64 << 20;

    /** What {@link #claim} and {@link #peek} answer when there is no room or no record. */
    public static final int NONE = -1;

    private static final int ALIGNMENT = 8;
    private static final int HEADER_BYTES = 8;
    private static final int PADDING = -1;
    private static final int NOTHING_YET = 0;

    /** With a smaller part, a record and the padding before it always fit an empty ring. */
    private static final int RECORDS_PER_CAPACITY = 4;

    private static final int MIN_CAPACITY = 64;
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /** {@code capacityBytes} is a power of two, 64 bytes to 64 MiB. */
    public SpscByteRing(int capacityBytes) {
        super(capacityBytes, MAX_CAPACITY);
        Check.that(capacityBytes >= MIN_CAPACITY, "a byte ring has 64 bytes", capacityBytes);
    }

    /** Where claimed and peeked bytes lie. */
    public byte[] buffer() {
        return buffer;
    }

    /** Length of the largest record. */
    public int maxRecord() {
        return capacity() / RECORDS_PER_CAPACITY;
    }

    /** How full the ring is, 0 to 100. Any thread. */
    public int fillPercent() {
        return (int) (size() * 100L / capacity());
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
        int offset = (int) (position & mask);
        int toEnd = capacity() - offset;
        int padding = total <= toEnd ? 0 : toEnd;
        long end = position + padding + total;
        if (end + HEADER_BYTES > producerLimit && !fits(end + HEADER_BYTES)) {
            return NONE;
        }
        producerNext = end;
        producerLength = length;
        return (padding > 0 ? 0 : offset) + HEADER_BYTES;
    }

    /** Producer. Makes the claimed record visible. */
    public void publish() {
        long position = producerPosition;
        long end = producerNext;
        Check.that(end > position, "a record was claimed before it is published");
        byte[] bytes = buffer;
        int header = producerLength + 1;
        int first = (int) (position & mask);
        INT.set(bytes, (int) (end & mask), NOTHING_YET);
        if (end - position > occupied(producerLength)) {
            INT.set(bytes, 0, header);
            header = PADDING;
        }
        VarHandle.releaseFence();
        INT.set(bytes, first, header);
        publishTo(end);
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
        byte[] bytes = buffer;
        long position = consumerPosition;
        int offset = (int) (position & mask);
        int header = (int) INT.get(bytes, offset);
        if (header == NOTHING_YET) {
            return NONE;
        }
        VarHandle.acquireFence();
        if (header == PADDING) {
            position += capacity() - offset;
            offset = 0;
            header = (int) INT.get(bytes, 0);
        }
        int length = header - 1;
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
