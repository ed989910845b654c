package io.nodedb.bench.bridge;

import io.nodedb.bench.trial.Trial;
import io.nodedb.bench.trial.TrialInput;
import io.nodedb.bench.trial.TrialOutput;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Byte records through a ring. The consumer compares the number at the beginning of every record
 * with the one that must come next, and the bytes at its end with what was sent.
 */
public final class RecordTrial implements Trial {
    /** The default size of the ring between a core and the log. */
    static final int CAPACITY = 4 << 20;

    /** A small write with its header. */
    static final int RECORD_BYTES = 200;

    private static final long LAST_BYTES = 0x0123_4567_89AB_CDEFL;
    private static final int DRAIN_LIMIT = 256;

    @Override
    public void run(TrialInput input, TrialOutput output) throws InterruptedException {
        RecordRing ring = RecordRing.of(input.text("contestant"), CAPACITY);
        ByteBuffer record = ByteBuffer.allocate(RECORD_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        record.putLong(RECORD_BYTES - Long.BYTES, LAST_BYTES);
        Transfer transfer =
                new Transfer(
                        count -> produce(ring, record.array(), count),
                        count -> new Checker().drain(ring, count),
                        input.number("count"));
        output.tell(
                input.text("work"),
                transfer.measure(input.count("warmUps"), input.count("rounds")));
    }

    private static long produce(RecordRing ring, byte[] record, long count) {
        for (long i = 0; i < count; i++) {
            while (!ring.offer(record, i)) {
                Thread.onSpinWait();
            }
        }
        return 0;
    }

    private static final class Checker implements RecordRing.Consumer {
        private long next;
        private long wrong;

        long drain(RecordRing ring, long count) {
            while (next < count) {
                if (ring.drain(this, DRAIN_LIMIT) == 0) {
                    Thread.onSpinWait();
                }
            }
            return wrong;
        }

        @Override
        public void accept(long first, long last) {
            if (first != next || last != LAST_BYTES) {
                wrong++;
            }
            next++;
        }
    }
}
