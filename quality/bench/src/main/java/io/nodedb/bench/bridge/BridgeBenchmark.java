package io.nodedb.bench.bridge;

import io.nodedb.bench.bridge.variant.RingVariant.Design;
import io.nodedb.bench.image.ClassPath;
import io.nodedb.bench.report.Comparison;
import io.nodedb.bench.report.Contestant;
import io.nodedb.bench.report.Direction;
import io.nodedb.bench.report.Goal;
import io.nodedb.bench.report.Goal.Metric;
import io.nodedb.bench.report.Work;
import io.nodedb.bench.run.Benchmark;
import io.nodedb.bench.run.ScratchFolder;
import io.nodedb.bench.trial.ForkedTrial;
import io.nodedb.bench.trial.Trial;
import io.nodedb.bench.trial.TrialInput;
import io.nodedb.os.wake.WakeupMechanism;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Rings against JCTools and Agrona; the hop lane → core → lane against the kernel's own floor. */
@Command(
        name = "bridge",
        description =
                "Ring throughput beside JCTools and Agrona; a request's hop from lane to core and"
                        + " back, beside the kernel's own wake-up.",
        mixinStandardHelpOptions = true)
public final class BridgeBenchmark extends Benchmark {
    private static final int REPETITIONS = 5;
    private static final int WARM_UPS = 5;
    private static final int ROUNDS = 7;
    private static final int PIPELINE = 16;

    /** Agrona reaches into the JDK's own Unsafe. */
    private static final List<String> AGRONA_FLAGS =
            List.of("--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED");

    private static final Goal RING_GOAL = Goal.ratio(1.0);
    private static final Goal IDLE_GOAL = Goal.atMost(Metric.P50, 6, "µs");
    private static final Goal BUSY_GOAL = Goal.atMost(Metric.P50, 1, "µs");
    private static final Goal TAIL_AIM =
            new Goal(Metric.P99, Direction.LOWER_IS_BETTER, "µs", Double.NaN, 8);

    private static final List<WakeupMechanism> MECHANISMS =
            List.of(WakeupMechanism.EVENTFD, WakeupMechanism.PARK);

    /** By the C program's name for the mechanism. */
    private static final Map<String, Contestant> FLOORS =
            new TreeMap<>(
                    Map.of(
                            "eventfd",
                            Contestant.peer("C, eventfd and poll: the kernel's own floor"),
                            "futex",
                            Contestant.peer("C, futex: the kernel's own floor")));

    private static final Work ELEMENTS = Work.rate("references through a ring", RING_GOAL);
    private static final Work RECORDS =
            Work.rate(RecordTrial.RECORD_BYTES + "-byte records through a ring", RING_GOAL);

    /** What can be measured by itself. */
    enum Part {
        RINGS,
        HOPS
    }

    @Option(
            names = "--part",
            paramLabel = "PART",
            split = ",",
            description = "What to measure: ${COMPLETION-CANDIDATES}; all by default.")
    private List<Part> parts = List.of(Part.values());

    private long elements() {
        return options().sized(20_000_000, 100_000);
    }

    private long warmUps() {
        return options().sized(WARM_UPS, 1);
    }

    private long rounds() {
        return options().sized(ROUNDS, 1);
    }

    private long idleHops() {
        return options().sized(50_000, 500);
    }

    private long busyHops() {
        return options().sized(5_000_000, 20_000);
    }

    @Override
    protected void measure(ScratchFolder scratch, Comparison comparison) throws IOException {
        Map<ForkedTrial, List<Work>> plan = new LinkedHashMap<>();
        if (parts.contains(Part.RINGS)) {
            planRings(plan);
        }
        if (parts.contains(Part.HOPS)) {
            planHops(plan, scratch, comparison);
        }
        plan.values().forEach(works -> works.forEach(comparison::plan));
        int repetitions = options().repetitions(REPETITIONS);
        for (int i = 1; i <= repetitions; i++) {
            progress("repetition " + i + " of " + repetitions);
            for (Map.Entry<ForkedTrial, List<Work>> each : plan.entrySet()) {
                boolean ignored = each.getKey().run(each.getValue(), comparison);
            }
        }
    }

    private void planHops(
            Map<ForkedTrial, List<Work>> plan, ScratchFolder scratch, Comparison comparison)
            throws IOException {
        Optional<Path> floorProgram = WakeFloorProgram.compile(scratch.path());
        if (floorProgram.isEmpty()) {
            for (Contestant floor : FLOORS.values()) {
                comparison.remark("skipped: " + floor.name() + ": no C compiler compiles it");
            }
        }
        for (EchoLane.Waiting waiting : EchoLane.Waiting.values()) {
            // One after the other, because what a wake-up takes changes with the machine's load.
            MECHANISMS.forEach(mechanism -> planIdleHop(plan, mechanism, waiting));
            floorProgram.ifPresent(program -> planFloors(plan, program, waiting));
        }
        MECHANISMS.forEach(mechanism -> planBusyHops(plan, mechanism));
    }

    private void planRings(Map<ForkedTrial, List<Work>> plan) {
        Contestant jcTools =
                Contestant.peer(
                        ClassPath.titleWithVersion("JCTools", "jctools-core-jdk11")
                                + " SpscVarHandleArrayQueue");
        String agrona = ClassPath.titleWithVersion("Agrona", "agrona");
        planRing(plan, ELEMENTS, ElementTrial.class, "nodedb", Contestant.ours("NodeDB SpscRing"));
        planRing(plan, ELEMENTS, ElementTrial.class, "jctools", jcTools);
        planRing(
                plan,
                ELEMENTS,
                ElementTrial.class,
                "agrona",
                Contestant.peer(agrona + " OneToOneConcurrentArrayQueue"));
        for (Design design : Design.values()) {
            if (design != Design.STANDING) {
                planRing(
                        plan,
                        ELEMENTS,
                        ElementTrial.class,
                        ElementQueue.VARIANT + design,
                        Contestant.peer("our variant: " + design.title()));
            }
        }
        planRing(
                plan, RECORDS, RecordTrial.class, "nodedb", Contestant.ours("NodeDB SpscByteRing"));
        planRing(
                plan,
                RECORDS,
                RecordTrial.class,
                "agrona",
                Contestant.peer(agrona + " OneToOneRingBuffer"));
    }

    private void planRing(
            Map<ForkedTrial, List<Work>> plan,
            Work work,
            Class<? extends Trial> trial,
            String key,
            Contestant contestant) {
        TrialInput input =
                TrialInput.EMPTY
                        .with("contestant", key)
                        .with("work", work.name())
                        .with("count", elements())
                        .with("warmUps", warmUps())
                        .with("rounds", rounds());
        List<String> flags = key.equals("agrona") ? AGRONA_FLAGS : List.of();
        plan.put(new ForkedTrial(trial, contestant, flags, input), List.of(work));
    }

    private static Contestant bridge(WakeupMechanism mechanism) {
        return Contestant.ours(
                mechanism == WakeupMechanism.EVENTFD
                        ? "NodeDB bridge, eventfd"
                        : "NodeDB bridge, park");
    }

    private void planBusyHops(Map<ForkedTrial, List<Work>> plan, WakeupMechanism mechanism) {
        for (int depth : new int[] {1, PIPELINE}) {
            Work hop = Work.cost("hop, core busy, pipeline " + depth, "µs", BUSY_GOAL, TAIL_AIM);
            Work rate = Work.rate("hops a second, core busy, pipeline " + depth);
            TrialInput input =
                    hopInput(mechanism, hop)
                            .with("rateWork", rate.name())
                            .with("core", "busy")
                            .with("lane", EchoLane.Waiting.LOOKS)
                            .with("depth", depth)
                            .with("count", busyHops());
            plan.put(new ForkedTrial(HopTrial.class, bridge(mechanism), input), List.of(hop, rate));
        }
    }

    private void planIdleHop(
            Map<ForkedTrial, List<Work>> plan,
            WakeupMechanism mechanism,
            EchoLane.Waiting waiting) {
        Work hop = idleHop(waiting);
        TrialInput input =
                hopInput(mechanism, hop)
                        .with("core", "idle")
                        .with("lane", waiting)
                        .with("count", idleHops());
        plan.put(new ForkedTrial(HopTrial.class, bridge(mechanism), input), List.of(hop));
    }

    private void planFloors(
            Map<ForkedTrial, List<Work>> plan, Path program, EchoLane.Waiting waiting) {
        Work hop = idleHop(waiting);
        FLOORS.forEach((mechanism, floor) -> {
            TrialInput input =
                    TrialInput.EMPTY
                            .with("work", hop.name())
                            .with("program", program)
                            .with("wakeup", mechanism)
                            .with("lane", waiting)
                            .with("count", idleHops());
            plan.put(new ForkedTrial(WakeFloorTrial.class, floor, input), List.of(hop));
        });
    }

    private static Work idleHop(EchoLane.Waiting waiting) {
        String name =
                switch (waiting) {
                    case LOOKS -> "hop, core asleep, lane looking";
                    case SLEEPS -> "hop, core asleep, lane asleep";
                };
        return Work.cost(name, "µs", IDLE_GOAL, TAIL_AIM);
    }

    private static TrialInput hopInput(WakeupMechanism mechanism, Work work) {
        return TrialInput.EMPTY.with("work", work.name()).with("wakeup", mechanism);
    }

    @Override
    protected List<String> method() {
        List<String> method = new ArrayList<>();
        method.add(
                "Each contestant in a JVM of its own, in turn, "
                        + options().repetitions(REPETITIONS)
                        + " times; the table shows the median of the repetitions.");
        method.add(
                "Rings: capacity "
                        + ElementTrial.CAPACITY
                        + " references or "
                        + (RecordTrial.CAPACITY >> 20)
                        + " MiB; "
                        + warmUps()
                        + " rounds of "
                        + elements()
                        + " to warm up, then the median of "
                        + rounds()
                        + " rounds. Both sides spin. Agrona's byte ring lies on a direct buffer,"
                        + " bounds checks on, as is its default; it runs with "
                        + String.join(" ", AGRONA_FLAGS)
                        + ".");
        method.add(
                "Our variants of the references ring are whole designs in the package"
                        + " bridge.variant; what stands is "
                        + Design.STANDING.title()
                        + ". The ratio is that of what stands.");
        method.add(
                "The consumer checks every element's number and every record's number and end; the"
                        + " lane checks every answer. So nothing is dead code, and wrong answers count"
                        + " as failed.");
        method.add(
                "Hops: from just before the submission to the answer in the lane's hands, "
                        + idleHops()
                        + " idle and "
                        + busyHops()
                        + " busy ones after a warm-up of the same length, HdrHistogram with three"
                        + " digits. Idle hops come 50 µs apart; only those that had to wake the core"
                        + " count, and with fewer than half of them the measurement is void.");
        method.add(
                "The kernel's own floor: the same idle hop between two threads of a C program"
                        + " (wake_floor.c, cc -O2), which pass one number each way and wake each other"
                        + " by the bridge's protocol; no request, no ring, no JVM. What an idle hop takes"
                        + " beyond it is ours; the rest is the machine's (a virtual processor that its"
                        + " host has to wake takes tens of microseconds). The ratio is that of the"
                        + " bridge on eventfd.");
        return method;
    }
}
