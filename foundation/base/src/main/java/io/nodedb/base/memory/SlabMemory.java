package io.nodedb.base.memory;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.ownership.CoreOwned;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes the blocks of a {@link SlabAllocator}, little-endian, without allocating.
 * Accessors take the address of a block and an offset within it; access outside of the block's
 * chunk throws. In blocks of up to 256 KiB, address plus offset is an address too.
 *
 * <p>Owned by one core.
 */
@CoreOwned
public abstract sealed class SlabMemory permits SlabAllocator {
    static final int OFFSET_BITS = 20;
    static final int OFFSET_MASK = (1 << OFFSET_BITS) - 1;

    private static final byte[] ZEROS = new byte[SizeClasses.PAGE_BYTES];
    private static final ValueLayout.OfLong LONG_LAYOUT =
            ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong UNALIGNED_LONG_LAYOUT =
            ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT_LAYOUT =
            ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT_LAYOUT =
            ValueLayout.JAVA_SHORT.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /** By chunk number. */
    private @Nullable MemorySegment[] segments = new @Nullable MemorySegment[16];

    public long getLong(long address, int offset) {
        return segment(address).get(LONG_LAYOUT, position(address, offset));
    }

    public void putLong(long address, int offset, long value) {
        segment(address).set(LONG_LAYOUT, position(address, offset), value);
    }

    public int getInt(long address, int offset) {
        return segment(address).get(INT_LAYOUT, position(address, offset));
    }

    public void putInt(long address, int offset, int value) {
        segment(address).set(INT_LAYOUT, position(address, offset), value);
    }

    public short getShort(long address, int offset) {
        return segment(address).get(SHORT_LAYOUT, position(address, offset));
    }

    public void putShort(long address, int offset, short value) {
        segment(address).set(SHORT_LAYOUT, position(address, offset), value);
    }

    public byte getByte(long address, int offset) {
        return segment(address).get(ValueLayout.JAVA_BYTE, position(address, offset));
    }

    public void putByte(long address, int offset, byte value) {
        segment(address).set(ValueLayout.JAVA_BYTE, position(address, offset), value);
    }

    /** Copies {@code length} bytes of an array into a block. */
    public void copyIn(byte[] source, int sourceOffset, int length, long address, int offset) {
        MemorySegment.copy(
                source,
                sourceOffset,
                segment(address),
                ValueLayout.JAVA_BYTE,
                position(address, offset),
                length);
    }

    /** Copies {@code length} bytes of a block into an array. */
    public void copyOut(long address, int offset, byte[] target, int targetOffset, int length) {
        MemorySegment.copy(
                segment(address),
                ValueLayout.JAVA_BYTE,
                position(address, offset),
                target,
                targetOffset,
                length);
    }

    /** Copies between blocks. */
    public void copy(long from, int fromOffset, long to, int toOffset, int length) {
        MemorySegment.copy(
                segment(from),
                position(from, fromOffset),
                segment(to),
                position(to, toOffset),
                length);
    }

    /** Fills part of a block with zeros. */
    public void clear(long address, int offset, int length) {
        MemorySegment segment = segment(address);
        long at = position(address, offset);
        for (int done = 0; done < length; done += ZEROS.length) {
            int part = Math.min(ZEROS.length, length - done);
            MemorySegment.copy(ZEROS, 0, segment, ValueLayout.JAVA_BYTE, at + done, part);
        }
    }

    /** True when a block holds the same {@code length} bytes as an array. */
    public boolean equalsBytes(
            long address, int offset, byte[] bytes, int bytesOffset, int length) {
        MemorySegment segment = segment(address);
        long at = position(address, offset);
        int i = 0;
        for (; i + 8 <= length; i += 8) {
            if (segment.get(UNALIGNED_LONG_LAYOUT, at + i)
                    != (long) LONG.get(bytes, bytesOffset + i)) {
                return false;
            }
        }
        for (; i < length; i++) {
            if (segment.get(ValueLayout.JAVA_BYTE, at + i) != bytes[bytesOffset + i]) {
                return false;
            }
        }
        return true;
    }

    /**
     * The memory that a block lies in, which holds other blocks too; the block begins at {@link
     * #positionOf}. For readers of many small parts, and for handing a block to another thread that
     * fills or reads it while its owner leaves it alone.
     */
    public MemorySegment segmentOf(long address) {
        return segment(address);
    }

    /** Where a block begins in its {@link #segmentOf}. */
    public static long positionOf(long address) {
        return address & OFFSET_MASK;
    }

    void attach(int chunk, MemorySegment segment) {
        if (chunk >= segments.length) {
            segments = Arrays.copyOf(segments, 2 * chunk);
        }
        segments[chunk] = segment;
    }

    void detach(int chunk) {
        segments[chunk] = null;
    }

    static int chunkOf(long address) {
        return (int) (address >>> OFFSET_BITS);
    }

    private static long position(long address, int offset) {
        return (address & OFFSET_MASK) + offset;
    }

    private MemorySegment segment(long address) {
        MemorySegment segment = segments[chunkOf(address)];
        if (segment == null) {
            throw new BugException("address of a freed chunk: " + address);
        }
        return segment;
    }
}
