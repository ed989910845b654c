package io.nodedb.bench.bridge;

import io.nodedb.bench.bridge.EchoCore.Echo;
import io.nodedb.bench.report.Measurement;
import io.nodedb.bench.report.Measurement.Extra;
import io.nodedb.bench.trial.ProcessorTime;
import io.nodedb.bench.trial.Trial;
import io.nodedb.bench.trial.TrialInput;
import io.nodedb.bench.trial.TrialOutput;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.bridge.lane.LaneOptions;
import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.os.wake.WakeupMechanism;
import io.nodedb.os.wake.Wakeups;
import java.util.List;
import org.HdrHistogram.Histogram;

/**
 * The hop of a request from a lane to a core and back, through a real port and real doorbells.
 * Idle: one request at a time, each after a pause that lets the core fall asleep; one that found it
 * awake (its doorbell sent no signal) is not counted. Busy: the core never sleeps, and up to {@code
 * depth} requests are under way.
 */
public final class HopTrial implements Trial {
    private static final int PRECISION = 3;
    private static final double NANOS_PER_MICRO = 1_000;
    private static final double NANOS_PER_SECOND = 1e9;

    /** Long enough for the core to reach its sleep, short enough for many hops. */
    static final long PAUSE_NANOS = 50_000;

    @Override
    public void run(TrialInput input, TrialOutput output) throws InterruptedException {
        boolean idle = input.text("core").equals("idle");
        WakeupMechanism mechanism = WakeupMechanism.valueOf(input.text("wakeup"));
        EchoLane.Waiting waiting = EchoLane.Waiting.valueOf(input.text("lane"));
        Histogram nanos = new Histogram(PRECISION);
        Doorbell coreBell = new Doorbell(Wakeups.create(mechanism));
        try (Lane<Echo> lane =
                new Lane<>(
                        0,
                        LaneOptions.DEFAULTS,
                        Echo::new,
                        List.of(coreBell),
                        new Doorbell(Wakeups.create(mechanism)))) {
            EchoCore core = new EchoCore(lane.port(0), coreBell, idle);
            Thread coreThread = Thread.ofPlatform().name("core").start(core);
            EchoLane echoes = new EchoLane(lane, waiting, nanos);
            Measurement measurement =
                    idle
                            ? hops(echoes, coreBell, nanos, input)
                            : streams(echoes, nanos, input, output);
            core.stop();
            coreThread.join();
            output.tell(input.text("work"), measurement);
        } finally {
            coreBell.close();
        }
    }

    private static Measurement hops(
            EchoLane echoes, Doorbell coreBell, Histogram nanos, TrialInput input) {
        long count = input.number("count");
        for (long i = 0; i < count; i++) {
            pause();
            echoes.hop();
        }
        long counted = 0;
        Histogram all = new Histogram(PRECISION);
        echoes.record(true);
        for (long i = 0; i < count; i++) {
            pause();
            int signals = coreBell.signals();
            nanos.reset();
            echoes.hop();
            if (coreBell.signals() != signals) {
                all.add(nanos);
                counted++;
            }
        }
        return latencies(all, failed(echoes.wrong(), counted, count));
    }

    private static Measurement streams(
            EchoLane echoes, Histogram nanos, TrialInput input, TrialOutput output) {
        long count = input.number("count");
        int depth = input.count("depth");
        echoes.stream(count, depth);
        echoes.record(true);
        long processor = ProcessorTime.nanos();
        long start = System.nanoTime();
        echoes.stream(count, depth);
        double seconds = (System.nanoTime() - start) / NANOS_PER_SECOND;
        double processorPerHop = (double) (ProcessorTime.nanos() - processor) / count;
        output.tell(
                input.text("rateWork"),
                Measurement.of(count / seconds, echoes.wrong())
                        .with(Extra.PROCESSOR_NANOS, processorPerHop));
        return latencies(nanos, echoes.wrong()).with(Extra.PROCESSOR_NANOS, processorPerHop);
    }

    /** Idle hops that hardly ever found the core asleep have measured something else. */
    static long failed(long wrong, long counted, long count) {
        return wrong + (counted < count / 2 ? 1 : 0);
    }

    private static Measurement latencies(Histogram nanos, long failed) {
        return latencies(nanos.getValueAtPercentile(50), nanos.getValueAtPercentile(99), failed);
    }

    static Measurement latencies(long p50Nanos, long p99Nanos, long failed) {
        double p50 = p50Nanos / NANOS_PER_MICRO;
        double p99 = p99Nanos / NANOS_PER_MICRO;
        return Measurement.of(p50, failed).with(Extra.P50_MICROS, p50).with(Extra.P99_MICROS, p99);
    }

    /** Stays awake itself, as a lane that reads from its sockets. */
    private static void pause() {
        long until = System.nanoTime() + PAUSE_NANOS;
        while (System.nanoTime() - until < 0) {
            Thread.onSpinWait();
        }
    }
}
