package io.nodedb.server.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import org.junit.jupiter.api.Test;

class SharedReadBufferTest {
    private final ByteBufAllocator allocator = UnpooledByteBufAllocator.DEFAULT;
    private final SharedReadBuffer reads = new SharedReadBuffer();

    private ByteBuf read() {
        ByteBuf bytes = reads.newHandle().allocate(allocator);
        bytes.writeLong(1);
        return bytes;
    }

    @Test
    void whatHasBeenHandledIsReadIntoAgain() {
        ByteBuf first = read();
        first.release();
        ByteBuf second = read();
        assertThat(second).isSameAs(first);
        assertThat(second.readableBytes()).as("nothing of the first read").isEqualTo(Long.BYTES);
        second.release();
        reads.close();
        assertThat(first.refCnt()).isZero();
    }

    @Test
    void whatIsKeptIsTheKeepersAlone() {
        ByteBuf kept = read();
        ByteBuf next = read();
        assertThat(next).isNotSameAs(kept);
        next.setLong(0, 2);
        assertThat(kept.readLong()).isEqualTo(1);
        kept.release();
        assertThat(kept.refCnt()).isZero();
        next.release();
        reads.close();
        assertThat(next.refCnt()).isZero();
    }

    @Test
    void aBufferThatHasGrownIsNotReadIntoAgain() {
        ByteBuf grown = read();
        grown.ensureWritable(2 * SharedReadBuffer.BYTES);
        grown.release();
        ByteBuf next = read();
        assertThat(next.capacity()).isEqualTo(SharedReadBuffer.BYTES);
        next.release();
        reads.close();
    }
}
