package io.nodedb.bench.resp;

import io.nodedb.bench.profile.Recorder;
import io.nodedb.bench.report.Comparison;
import io.nodedb.bench.report.Measurement;
import io.nodedb.bench.report.Measurement.Extra;
import io.nodedb.bench.resp.LoadGenerator.Load;
import io.nodedb.bench.run.ScratchFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The servers in turn: each repetition starts every contestant with an empty database, fills it and
 * runs all loads of a tier, then the next; every second repetition in reverse, so that what the
 * machine does slowly falls on all of them.
 */
public final class RespPart {
    /** Requests that tell how many a second takes, for the load that warms up. */
    private static final long PROBE = 10_000;

    /**
     * How much is done.
     *
     * @param keys of the random keys and counters
     * @param seconds of each measured load, and as much to warm up
     * @param profiles takes the recordings of our servers' measured loads; null for none
     */
    public record Sizes(
            long keys, double seconds, int repetitions, @Nullable ProfileSink profiles) {}

    /** Takes a recording, which is gone afterwards. */
    @FunctionalInterface
    public interface ProfileSink {
        void take(String title, Path recording) throws IOException;
    }

    private final Sizes sizes;
    private final List<RespContestant> contestants = new ArrayList<>();
    private final Consumer<String> progress;

    public RespPart(
            Sizes sizes, List<String> placements, List<Integer> cores, Consumer<String> progress) {
        this.sizes = sizes;
        this.progress = progress;
        for (String placement : placements) {
            for (int count : cores) {
                contestants.add(new RespContestant.NodeDb(placement, count));
            }
        }
    }

    /** Names the works in the table's order; to be called before {@link #measure}. */
    public void plan(Comparison comparison) {
        for (RespTier tier : RespTier.values()) {
            RespWork.all(tier).forEach(work -> comparison.plan(work.work()));
        }
    }

    /** Without the load generator nothing is measured, without Redis only ours. */
    public void measure(ScratchFolder scratch, Comparison comparison) throws IOException {
        if (InstalledProgram.version(LoadGenerator.PROGRAM) == null) {
            comparison.remark("skipped: everything over RESP: no redis-benchmark in the path");
            return;
        }
        @Nullable String redis = InstalledProgram.version(RespContestant.Redis.PROGRAM);
        if (redis == null) {
            comparison.remark("skipped: Redis: no redis-server in the path");
        } else {
            contestants.add(new RespContestant.Redis(redis));
        }
        for (int i = 1; i <= sizes.repetitions(); i++) {
            List<RespContestant> order = i % 2 == 0 ? contestants.reversed() : contestants;
            for (RespTier tier : RespTier.values()) {
                for (RespContestant contestant : List.copyOf(order)) {
                    progress.accept(
                            contestant.contestant().name()
                                    + ", tier "
                                    + tier.durability()
                                    + ", repetition "
                                    + i
                                    + " of "
                                    + sizes.repetitions());
                    try (ScratchFolder folder = ScratchFolder.in(scratch.path(), "resp")) {
                        serve(contestant, tier, folder.path(), comparison);
                    } catch (IOException failure) {
                        comparison.failure(contestant.contestant().name() + ": " + failure);
                        contestants.remove(contestant);
                    }
                }
            }
        }
    }

    private void serve(RespContestant contestant, RespTier tier, Path folder, Comparison comparison)
            throws IOException {
        try (ServerProcess server = ServerProcess.start(contestant, folder, tier);
                RespClient client = new RespClient(server.port())) {
            ServerContents contents = new ServerContents(client, sizes.keys());
            contents.fill();
            if (contents.countWrong() > 0) {
                throw new IOException("the filled keys are not what was written");
            }
            for (RespWork work : RespWork.all(tier)) {
                comparison.add(
                        work.work(), contestant.contestant(), measured(server, contents, work));
            }
        }
    }

    /** Probe, warm-up, load; then everything is read back. */
    private Measurement measured(ServerProcess server, ServerContents contents, RespWork work)
            throws IOException {
        Load probe = load(server, contents, work, work.rounded(PROBE));
        Load warm = load(server, contents, work, seconds(work, probe));
        long requests = seconds(work, warm);
        long errors = contents.errors();
        long processor = server.processorNanos();
        Load load = recorded(server, contents, work, requests);
        double spent = server.processorNanos() - processor;
        long failed = contents.errors() - errors + contents.countWrong();
        for (Load each : List.of(probe, warm, load)) {
            if (each.failed()) {
                progress.accept(work.name() + " failed: " + each.complaint().strip());
                failed++;
            }
        }
        return Measurement.of(load.perSecond(), failed)
                .with(Extra.P50_MICROS, load.p50Micros())
                .with(Extra.P99_MICROS, load.p99Micros())
                .with(Extra.PROCESSOR_NANOS, spent / requests);
    }

    /** The measured load; of ours a recording is made when one is wanted. */
    private Load recorded(
            ServerProcess server, ServerContents contents, RespWork work, long requests)
            throws IOException {
        ProfileSink profiles = sizes.profiles();
        if (profiles == null || !server.contestant().ours()) {
            return load(server, contents, work, requests);
        }
        Path recording = Files.createTempFile("server", ".jfr");
        Load[] load = new Load[1];
        try {
            Recorder.record(
                    server.pid(),
                    recording,
                    () -> load[0] = load(server, contents, work, requests));
            profiles.take(work.name() + ": " + server.contestant().name(), recording);
        } catch (IOException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IOException(failure);
        } finally {
            Files.delete(recording);
        }
        return load[0];
    }

    /** So many requests as the measured time takes at the rate of the load before. */
    private long seconds(RespWork work, Load before) {
        return work.rounded(before.failed() ? 1 : before.perSecond() * sizes.seconds());
    }

    private Load load(ServerProcess server, ServerContents contents, RespWork work, long requests)
            throws IOException {
        String value = work.command() == RespWork.Command.SET ? contents.nextValue(requests) : "";
        if (work.command() == RespWork.Command.INCR) {
            contents.incremented(requests);
        }
        return LoadGenerator.run(server.port(), work, requests, sizes.keys(), value);
    }

    /** How it was measured, one sentence each. */
    public List<String> method() {
        return List.of(
                "RESP: each server a process of its own, started with an empty database for each"
                        + " repetition, one at a time, in turn, every second repetition in reverse;"
                        + " our JVM's flags are those of ./nodedb. Load by redis-benchmark beside it"
                        + " on the same machine: "
                        + RespWork.CONNECTIONS
                        + " connections, "
                        + RespWork.VALUE_BYTES
                        + "-byte values, "
                        + sizes.keys()
                        + " keys at random, "
                        + sizes.seconds()
                        + " s for each load after as much to warm up; "
                        + sizes.repetitions()
                        + " repetitions. Its latencies are of a whole pipeline. cpu: the server's"
                        + " process, from /proc, without the generator.",
                "RESP tiers: async beside appendfsync everysec, sync beside appendfsync always;"
                        + " Redis without snapshots and without rewriting its log.",
                "RESP answers: after each load all keys and counters are read back: every value must"
                        + " be that of a load, to the last byte, as many as is to be expected that of the"
                        + " last one, and the counters' sum must be the number of all INCRs; errors that"
                        + " the server counts or the generator meets are failures.",
                "RESP ratio: that contestant of ours beside Redis.");
    }
}
