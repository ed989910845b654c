package io.nodedb.bench.bridge;

import io.nodedb.bench.report.Figures;
import io.nodedb.bench.report.Measurement;
import io.nodedb.bench.report.Measurement.Extra;
import io.nodedb.bench.trial.ProcessorTime;
import java.util.concurrent.CountDownLatch;

/**
 * Sends a number of things from one thread to another, several times over, and takes the time from
 * the start of the first to the arrival of the last.
 */
final class Transfer {
    /** One side's loop; returns how many things it found missing, doubled or spoilt. */
    interface Side {
        long run(long count);
    }

    private static final double NANOS_PER_SECOND = 1e9;

    private final Side producer;
    private final Side consumer;
    private final long count;
    private long wrong;

    Transfer(Side producer, Side consumer, long count) {
        this.producer = producer;
        this.consumer = consumer;
        this.count = count;
    }

    /** Things per second: the median of {@code rounds}, after {@code warmUps}. */
    Measurement measure(int warmUps, int rounds) throws InterruptedException {
        for (int i = 0; i < warmUps; i++) {
            long ignored = round();
        }
        double[] rates = new double[rounds];
        long processorBefore = ProcessorTime.nanos();
        for (int i = 0; i < rounds; i++) {
            rates[i] = count * NANOS_PER_SECOND / round();
        }
        double processor = ProcessorTime.nanos() - processorBefore;
        return Measurement.of(Figures.median(rates), wrong)
                .with(Extra.PROCESSOR_NANOS, processor / rounds / count);
    }

    private long round() throws InterruptedException {
        CountDownLatch ready = new CountDownLatch(1);
        long[] found = new long[1];
        Thread receiver =
                Thread.ofPlatform()
                        .name("consumer")
                        .start(() -> {
                            ready.countDown();
                            found[0] = consumer.run(count);
                        });
        ready.await();
        long start = System.nanoTime();
        wrong += producer.run(count);
        receiver.join();
        long nanos = System.nanoTime() - start;
        wrong += found[0];
        return nanos;
    }
}
