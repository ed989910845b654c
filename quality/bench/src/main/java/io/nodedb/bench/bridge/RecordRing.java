package io.nodedb.bench.bridge;

import io.nodedb.bridge.ring.SpscByteRing;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.MessageHandler;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.ringbuffer.OneToOneRingBuffer;
import org.agrona.concurrent.ringbuffer.RingBufferDescriptor;

/**
 * A bounded queue of byte records from one thread to one other, used as a log is fed: the producer
 * claims room, copies the record's bytes there and numbers it, the consumer reads it in place.
 */
interface RecordRing {
    /** Takes the records that are there. */
    interface Consumer {
        /** {@code first} and {@code last} are the first and the last 8 bytes. */
        void accept(long first, long last);
    }

    /** False when it is full. The first 8 bytes become {@code number}. */
    boolean offer(byte[] record, long number);

    /** Hands over what is there and returns how many records those were. */
    int drain(Consumer consumer, int limit);

    static RecordRing of(String contestant, int capacity) {
        return switch (contestant) {
            case "nodedb" -> new OfNodeDb(new SpscByteRing(capacity));
            case "agrona" -> new OfAgrona(capacity);
            default -> throw new IllegalArgumentException(contestant);
        };
    }

    /** Over the ring that feeds the log. */
    final class OfNodeDb implements RecordRing {
        private static final VarHandle LONG =
                MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

        private final SpscByteRing ring;

        OfNodeDb(SpscByteRing ring) {
            this.ring = ring;
        }

        @Override
        public boolean offer(byte[] record, long number) {
            int offset = ring.claim(record.length);
            if (offset == SpscByteRing.NONE) {
                return false;
            }
            System.arraycopy(record, 0, ring.buffer(), offset, record.length);
            LONG.set(ring.buffer(), offset, number);
            ring.publish();
            return true;
        }

        @Override
        public int drain(Consumer consumer, int limit) {
            int taken = 0;
            while (taken < limit) {
                int offset = ring.peek();
                if (offset == SpscByteRing.NONE) {
                    return taken;
                }
                byte[] buffer = ring.buffer();
                int end = offset + ring.peekedLength();
                consumer.accept(
                        (long) LONG.get(buffer, offset), (long) LONG.get(buffer, end - Long.BYTES));
                ring.release();
                taken++;
            }
            return taken;
        }
    }

    /** Over Agrona's, on a direct buffer as its authors use it. */
    final class OfAgrona implements RecordRing, MessageHandler {
        private static final int TYPE = 1;

        private final OneToOneRingBuffer ring;
        private Consumer consumer = (_, _) -> {};

        OfAgrona(int capacity) {
            ring =
                    new OneToOneRingBuffer(
                            new UnsafeBuffer(
                                    ByteBuffer.allocateDirect(
                                            capacity + RingBufferDescriptor.TRAILER_LENGTH)));
        }

        @Override
        public boolean offer(byte[] record, long number) {
            int index = ring.tryClaim(TYPE, record.length);
            if (index < 0) {
                return false;
            }
            ring.buffer().putBytes(index, record);
            ring.buffer().putLong(index, number, ByteOrder.LITTLE_ENDIAN);
            ring.commit(index);
            return true;
        }

        @Override
        public int drain(Consumer taker, int limit) {
            consumer = taker;
            return ring.read(this, limit);
        }

        @Override
        public void onMessage(
                int type, org.agrona.MutableDirectBuffer buffer, int index, int length) {
            DirectBuffer bytes = buffer;
            consumer.accept(
                    bytes.getLong(index, ByteOrder.LITTLE_ENDIAN),
                    bytes.getLong(index + length - Long.BYTES, ByteOrder.LITTLE_ENDIAN));
        }
    }
}
