package io.nodedb.server.lane;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import io.nodedb.base.ownership.ControlPlane;
import org.jspecify.annotations.Nullable;

/**
 * One buffer that all channels of a lane read into, one after another: most commands are whole when
 * they come, so the buffer is free again when the read has been handled, and no read allocates. Who
 * keeps it (by a reference of his own) has it for himself; the lane then makes another one.
 *
 * <p>For transports that read when they are told to. Where the kernel holds a buffer for each
 * channel until something comes (io_uring), every channel needs its own.
 */
@ControlPlane
public final class SharedReadBuffer extends DefaultMaxMessagesRecvByteBufAllocator {
    /** A read takes at most so many bytes; who keeps a few of them should copy them. */
    public static final int BYTES = 64 * 1024;

    private @Nullable ByteBuf buffer;

    @Override
    public ExtendedHandle newHandle() {
        return new MaxMessageHandle() {
            @Override
            public int guess() {
                return BYTES;
            }

            @Override
            public ByteBuf allocate(ByteBufAllocator allocator) {
                return take(allocator);
            }
        };
    }

    private ByteBuf take(ByteBufAllocator allocator) {
        ByteBuf free = buffer;
        if (free != null && free.refCnt() == 1 && free.capacity() == BYTES) {
            return free.clear().retain();
        }
        if (free != null) {
            free.release();
        }
        ByteBuf fresh = allocator.directBuffer(BYTES);
        buffer = fresh;
        return fresh.retain();
    }

    /** After the last channel has been closed. */
    void close() {
        ByteBuf last = buffer;
        buffer = null;
        if (last != null) {
            last.release();
        }
    }
}
