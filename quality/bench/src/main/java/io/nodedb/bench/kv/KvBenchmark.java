package io.nodedb.bench.kv;

import io.nodedb.bench.profile.SelfTimes;
import io.nodedb.bench.report.Comparison;
import io.nodedb.bench.report.Contestant;
import io.nodedb.bench.report.TextTable;
import io.nodedb.bench.report.Work;
import io.nodedb.bench.resp.RespPart;
import io.nodedb.bench.run.Benchmark;
import io.nodedb.bench.run.ScratchFolder;
import io.nodedb.bench.trial.ForkedTrial;
import io.nodedb.bench.trial.TrialInput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** The key-value part: embedded beside RocksDB and H2's MVStore, as a server beside Redis. */
@Command(
        name = "kv",
        description =
                "Embedded get, put and increment beside RocksDB and H2 MVStore; memory per key;"
                        + " allocation per operation. Over the Redis protocol beside Redis.",
        mixinStandardHelpOptions = true)
public final class KvBenchmark extends Benchmark {
    private static final int REPETITIONS = 3;
    private static final int VALUE_BYTES = 100;
    private static final long RESP_KEYS = 100_000;
    private static final long SMALL_RESP_KEYS = 2_000;
    private static final double RESP_SECONDS = 3;
    private static final double SMALL_RESP_SECONDS = 0.1;
    private static final List<Work> MEMORY =
            List.of(
                    MemoryTrial.BYTES_PER_KEY,
                    MemoryTrial.TOTAL_PER_KEY,
                    MemoryTrial.GOVERNED_SHARE);

    /** What can be measured by itself. */
    enum Part {
        EMBEDDED,
        RESP
    }

    /** Where our server's sockets are served, by the names of the setting. */
    enum ServerPlacement {
        COMBINED,
        SEPARATE
    }

    @Option(
            names = "--part",
            paramLabel = "PART",
            split = ",",
            description = "What to measure: ${COMPLETION-CANDIDATES}; all by default.")
    private List<Part> parts = List.of(Part.values());

    @Option(
            names = "--placement",
            paramLabel = "PLACEMENT",
            split = ",",
            description = "RESP: ${COMPLETION-CANDIDATES}; all by default.")
    private List<ServerPlacement> placements = List.of(ServerPlacement.values());

    @Option(
            names = "--cores",
            paramLabel = "N",
            split = ",",
            description = "RESP: data cores of our servers; 1,2,3 by default.")
    private List<Integer> cores = List.of(1, 2, 3);

    @Option(
            names = "--seconds",
            paramLabel = "S",
            description = "RESP: measured time of each load, and of its warm-up.")
    private @Nullable Double seconds;

    @Option(
            names = "--profile",
            description =
                    "Record our contestants by the JDK's flight recorder and print where processor"
                            + " time went, of the last repetition. The rates are then not results.")
    private boolean profile;

    private final Map<String, TextTable> profiles = new LinkedHashMap<>();

    @Option(names = "--keys", paramLabel = "N", description = "Keys of the loads.")
    private @Nullable Long keys;

    @Option(names = "--memory-keys", paramLabel = "N", description = "Keys of the memory part.")
    private @Nullable Long memoryKeys;

    @Option(names = "--millis", paramLabel = "MS", description = "Measured time of each work.")
    private @Nullable Long millis;

    @Option(names = "--warm-up-millis", paramLabel = "MS", description = "Warm-up of each work.")
    private @Nullable Long warmUpMillis;

    private long keys() {
        return options().sized(keys, 1_000_000, 5_000);
    }

    private long memoryKeys() {
        return options().sized(memoryKeys, 10_000_000, 100_000);
    }

    private long millis() {
        return options().sized(millis, 5_000, 200);
    }

    private long warmUpMillis() {
        return options().sized(warmUpMillis, 3_000, 100);
    }

    private RespPart respPart() {
        RespPart.Sizes sizes =
                new RespPart.Sizes(
                        options().sized(RESP_KEYS, SMALL_RESP_KEYS),
                        seconds != null
                                ? seconds
                                : options().quick() ? SMALL_RESP_SECONDS : RESP_SECONDS,
                        options().repetitions(REPETITIONS),
                        profile ? this::profiled : null);
        return new RespPart(
                sizes,
                placements.stream().map(each -> each.name().toLowerCase(Locale.ROOT)).toList(),
                cores,
                this::progress);
    }

    @Override
    protected void measure(ScratchFolder scratch, Comparison comparison) throws IOException {
        RespPart resp = respPart();
        if (profile) {
            comparison.remark("--profile: recording takes time, these rates are no results.");
        }
        if (parts.contains(Part.EMBEDDED)) {
            measureEmbedded(scratch, comparison);
        }
        if (parts.contains(Part.RESP)) {
            resp.plan(comparison);
            resp.measure(scratch, comparison);
        }
    }

    private void measureEmbedded(ScratchFolder scratch, Comparison comparison) throws IOException {
        List<Work> works = KvWork.all().stream().map(KvWork::work).toList();
        works.forEach(comparison::plan);
        MEMORY.forEach(comparison::plan);
        Set<KvContestant> present = EnumSet.allOf(KvContestant.class);
        int repetitions = options().repetitions(REPETITIONS);
        for (int i = 1; i <= repetitions; i++) {
            for (KvContestant each : KvContestant.values()) {
                if (present.contains(each)) {
                    Contestant contestant = each.contestant();
                    progress(contestant.name() + ", repetition " + i + " of " + repetitions);
                    if (!loads(each, contestant, works, scratch, comparison)) {
                        present.remove(each);
                    }
                }
            }
        }
        if (!profile) {
            progress("memory of " + memoryKeys() + " keys");
            memory(scratch, comparison);
        }
    }

    private boolean loads(
            KvContestant each,
            Contestant contestant,
            List<Work> works,
            ScratchFolder scratch,
            Comparison comparison)
            throws IOException {
        try (ScratchFolder folder = ScratchFolder.in(scratch.path(), "loads")) {
            TrialInput input =
                    TrialInput.EMPTY
                            .with("contestant", each)
                            .with("directory", folder.path())
                            .with("valueBytes", VALUE_BYTES)
                            .with("keys", keys())
                            .with("millis", millis())
                            .with("warmUpMillis", warmUpMillis());
            if (profile) {
                input = input.with(StoreTrial.PROFILES, folder.path());
            }
            boolean there =
                    new ForkedTrial(StoreTrial.class, contestant, input).run(works, comparison);
            for (Work work : works) {
                profiled(work.name(), folder.path().resolve(work.name() + StoreTrial.SUFFIX));
            }
            return there;
        }
    }

    /** Keeps the table of a recording, if there is one. */
    private void profiled(String title, Path recording) throws IOException {
        if (Files.exists(recording)) {
            profiles.put(title, SelfTimes.of(recording).table());
        }
    }

    @Override
    protected Map<String, TextTable> appendix() {
        return profiles;
    }

    private void memory(ScratchFolder scratch, Comparison comparison) throws IOException {
        try (ScratchFolder folder = ScratchFolder.in(scratch.path(), "memory")) {
            TrialInput input =
                    TrialInput.EMPTY.with("directory", folder.path()).with("keys", memoryKeys());
            boolean ignored =
                    new ForkedTrial(
                                    MemoryTrial.class,
                                    KvContestant.NODEDB.contestant(),
                                    MemoryTrial.FLAGS,
                                    input)
                            .run(MEMORY, comparison);
        }
    }

    @Override
    protected List<String> method() {
        List<String> method = new ArrayList<>();
        if (parts.contains(Part.EMBEDDED)) {
            method.addAll(embeddedMethod());
        }
        if (parts.contains(Part.RESP)) {
            method.addAll(respPart().method());
        }
        return method;
    }

    private List<String> embeddedMethod() {
        return List.of(
                keys()
                        + " keys of "
                        + Records.KEY_BYTES
                        + " bytes with values of "
                        + VALUE_BYTES
                        + " bytes, chosen at random by fixed seeds. Each contestant in a JVM of its"
                        + " own, in turn, "
                        + options().repetitions(REPETITIONS)
                        + " times; each work "
                        + warmUpMillis()
                        + " ms to warm up, then "
                        + millis()
                        + " ms. Latencies by HdrHistogram; the table shows medians of the"
                        + " repetitions.",
                "Tier async: an acknowledged write survives kill -9; sync: power loss.",
                NodeDbStore.SETTINGS,
                RocksDbStore.SETTINGS,
                H2Store.SETTINGS,
                "Every answer is compared with the expected one to the last byte, and after each"
                        + " work that writes keys are read back; so nothing is dead code, and a wrong"
                        + " answer counts as failed.",
                "Pipeline n: one thread asks for n operations, then waits for all; the peers have no"
                        + " asynchronous calls. cpu: the whole process. core B/op: allocated on"
                        + " the heap by the data cores' threads; the goal is none, and less than half a"
                        + " byte counts as none.",
                "Memory: "
                        + memoryKeys()
                        + " keys, heap touched in full before ("
                        + String.join(" ", MemoryTrial.FLAGS)
                        + "), growth since a base line with code and buffers in place.");
    }
}
