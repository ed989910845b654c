package io.nodedb.bench.startup;

import io.nodedb.bench.report.Comparison;
import io.nodedb.bench.report.Contestant;
import io.nodedb.bench.report.Goal;
import io.nodedb.bench.report.Goal.Metric;
import io.nodedb.bench.report.Measurement;
import io.nodedb.bench.report.Measurement.Extra;
import io.nodedb.bench.report.Work;
import io.nodedb.bench.run.Benchmark;
import io.nodedb.bench.run.ScratchFolder;
import io.nodedb.bench.trial.JavaProcess;
import io.nodedb.bench.trial.SilentProcessException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Cold starts beside H2, SQLite and DuckDB; recovery; idling. */
@Command(
        name = "startup",
        description =
                "Cold JVM to first row beside H2, SQLite and DuckDB; recovery from the log; idle"
                        + " memory and processor time.",
        mixinStandardHelpOptions = true)
public final class StartupBenchmark extends Benchmark {
    private static final int STARTS = 21;
    private static final int RECOVERIES = 3;
    private static final int IDLE_RUNS = 3;
    private static final double NANOS_PER_MILLI = 1e6;
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MEGABYTE = 1e6;
    private static final int MILLIS_PER_SECOND = 1_000;

    /** The goal's time without work, and the processor time allowed in it. */
    private static final double IDLE_GOAL_SECONDS = 30;

    private static final double IDLE_GOAL_PROCESSOR = 0.3;
    private static final long GIB = 1L << 30;
    private static final long MIB = 1L << 20;

    private static final Goal FIRST_ROW_GOAL = Goal.atMost(Metric.VALUE, 500, "ms").aim(250);
    private static final Work NEW = Work.cost("first row, new database", "ms", FIRST_ROW_GOAL);
    private static final Work EXISTING =
            Work.cost("first row, existing database", "ms", FIRST_ROW_GOAL);

    private static final List<String> NO_FLAGS = List.of();

    @Option(
            names = "--wal-mib",
            paramLabel = "MIB",
            description = "Length of the log of the recovery.")
    private @Nullable Long walMebibytes;

    @Option(
            names = "--idle-seconds",
            paramLabel = "S",
            description = "Time without work of the idle part.")
    private @Nullable Long idleSeconds;

    @Option(
            names = "--starts",
            paramLabel = "N",
            description = "How often each contestant is started; --repetitions is for the rest.")
    private @Nullable Long givenStarts;

    private long starts() {
        return options().sized(givenStarts, STARTS, 1);
    }

    private long walBytes() {
        return options().sized(walMebibytes, GIB / MIB, 16) * MIB;
    }

    private long idleSeconds() {
        return options().sized(idleSeconds, (long) IDLE_GOAL_SECONDS, 2);
    }

    /** A tenth of the writes or so, up to a million: so most keys are written several times. */
    private long walKeys() {
        return Math.min(1_000_000, walBytes() / 1_000);
    }

    @Override
    protected void measure(ScratchFolder scratch, Comparison comparison) throws IOException {
        comparison.plan(NEW);
        comparison.plan(EXISTING);
        firstRows(scratch, comparison);
        recover(scratch, comparison);
        idle(scratch, comparison);
    }

    private void firstRows(ScratchFolder scratch, Comparison comparison) throws IOException {
        Set<StartContestant> present = EnumSet.allOf(StartContestant.class);
        for (StartContestant each : StartContestant.values()) {
            if (!each.isThere()) {
                comparison.remark("skipped: " + each.contestant().name() + ": not in the image");
                present.remove(each);
            }
        }
        long starts = starts();
        progress(starts + " starts of each contestant");
        // The first round fills the page cache with everybody's code and does not count.
        for (long i = 0; i <= starts; i++) {
            Comparison round = i == 0 ? new Comparison(false) : comparison;
            for (StartContestant each : List.copyOf(present)) {
                try (ScratchFolder folder = ScratchFolder.in(scratch.path(), "start")) {
                    String address = each.address(folder.path());
                    round.add(NEW, each.contestant(), start(each, address, "new"));
                    round.add(EXISTING, each.contestant(), start(each, address, "existing"));
                } catch (SilentProcessException e) {
                    comparison.failure(each.contestant().name() + ": " + e.getMessage());
                    present.remove(each);
                }
            }
        }
    }

    /** Milliseconds from before the process is started until its row is here. */
    private static Measurement start(StartContestant contestant, String address, String mode)
            throws IOException {
        try (JavaProcess process =
                JavaProcess.start(
                        contestant.classPath(),
                        NO_FLAGS,
                        contestant.mainClass(),
                        List.of(address, mode))) {
            String row = process.awaitLine(Said.ROW);
            double millis = (System.nanoTime() - process.startedNanos()) / NANOS_PER_MILLI;
            double processor = Double.parseDouble(process.awaitLine(Said.PROCESSOR_NANOS));
            boolean right = row.equals(FirstRow.VALUE) && process.end() == 0;
            return Measurement.of(millis, right ? 0 : 1)
                    .with(Extra.PROCESSOR_SECONDS, processor / NANOS_PER_SECOND);
        }
    }

    private void recover(ScratchFolder scratch, Comparison comparison) throws IOException {
        Work work =
                Work.cost(
                        "recovery from " + walBytes() / MIB + " MiB of log, JVM start to first row",
                        "s",
                        Goal.atMost(Metric.VALUE, 10, "s"));
        comparison.plan(work);
        String classPath = StartContestant.NODEDB.classPath();
        Contestant ours = StartContestant.NODEDB.contestant();
        try (ScratchFolder folder = ScratchFolder.in(scratch.path(), "recovery")) {
            progress("filling " + walBytes() / MIB + " MiB of log");
            String writes = fillLog(classPath, folder.path());
            comparison.remark(
                    "Recovery: "
                            + writes
                            + " writes of 16 + 100 bytes to "
                            + walKeys()
                            + " keys, checkpoints off, the process killed; the log is in the page"
                            + " cache.");
            int recoveries = options().repetitions(RECOVERIES);
            for (int i = 1; i <= recoveries; i++) {
                progress("recovery " + i + " of " + recoveries);
                comparison.add(work, ours, recovery(classPath, folder.path(), writes));
            }
        }
    }

    private String fillLog(String classPath, Path directory) throws IOException {
        try (JavaProcess loader =
                JavaProcess.start(
                        classPath,
                        NO_FLAGS,
                        WalLoader.class,
                        List.of(
                                directory.toString(),
                                Long.toString(walBytes()),
                                Long.toString(walKeys())))) {
            String writes = loader.awaitLine(Said.LOADED);
            loader.kill();
            return writes;
        }
    }

    private Measurement recovery(String classPath, Path directory, String writes)
            throws IOException {
        try (JavaProcess probe =
                JavaProcess.start(
                        classPath,
                        NO_FLAGS,
                        RecoveryProbe.class,
                        List.of(directory.toString(), writes, Long.toString(walKeys())))) {
            String row = probe.awaitLine(Said.ROW);
            double seconds = (System.nanoTime() - probe.startedNanos()) / NANOS_PER_SECOND;
            double processor = Double.parseDouble(probe.awaitLine(Said.PROCESSOR_NANOS));
            long wrong = Long.parseLong(probe.awaitLine(Said.WRONG));
            probe.kill();
            return Measurement.of(seconds, row.equals(FirstRow.VALUE) ? wrong : wrong + 1)
                    .with(Extra.PROCESSOR_SECONDS, processor / NANOS_PER_SECOND);
        }
    }

    private void idle(ScratchFolder scratch, Comparison comparison) throws IOException {
        long seconds = idleSeconds();
        Work memory =
                Work.cost("idle: resident memory", "MB", Goal.atMost(Metric.VALUE, 200, "MB"));
        Work processor =
                Work.cost(
                        "idle: processor time in " + seconds + " s",
                        "s",
                        Goal.atMost(
                                Metric.VALUE,
                                IDLE_GOAL_PROCESSOR * seconds / IDLE_GOAL_SECONDS,
                                "s"));
        Contestant ours = StartContestant.NODEDB.contestant();
        int runs = options().repetitions(IDLE_RUNS);
        for (int i = 1; i <= runs; i++) {
            progress("idling " + i + " of " + runs);
            try (ScratchFolder folder = ScratchFolder.in(scratch.path(), "idle");
                    JavaProcess process =
                            JavaProcess.start(
                                    StartContestant.NODEDB.classPath(),
                                    NO_FLAGS,
                                    IdleProbe.class,
                                    List.of(
                                            folder.path().toString(),
                                            Long.toString(seconds * MILLIS_PER_SECOND)))) {
                String[] said = process.awaitLine(Said.IDLE).split(" ", -1);
                long failed = process.end() == 0 ? 0 : 1;
                comparison.add(
                        memory,
                        ours,
                        Measurement.of(Double.parseDouble(said[1]) / MEGABYTE, failed));
                comparison.add(
                        processor,
                        ours,
                        Measurement.of(Double.parseDouble(said[0]) / NANOS_PER_SECOND, failed));
            }
        }
    }

    @Override
    protected List<String> method() {
        return List.of(
                "First row: from just before the process is started until its row has come through"
                        + " a pipe; NodeDB opens, puts and gets, the peers create a table, insert and"
                        + " select through JDBC. Each on a class path without the others, in turn, "
                        + starts()
                        + " times after one round that does not count; code and files are in the page"
                        + " cache. cpu s: the process until its row.",
                "Settings of the peers: their defaults; all of them sync the row to disk by default"
                        + " but H2, which writes it within half a second.",
                "Every row is compared with the expected one, "
                        + "and after a recovery every fiftieth key or so is read back.",
                "Idle: after 1000 rows and 5 s to settle; resident memory is VmRSS, everything in."
                        + " The table shows medians and the smallest and largest of all runs, of which there"
                        + " are too few for a p99.");
    }
}
