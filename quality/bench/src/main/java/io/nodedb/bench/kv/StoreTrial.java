package io.nodedb.bench.kv;

import io.nodedb.bench.profile.Recorder;
import io.nodedb.bench.trial.Trial;
import io.nodedb.bench.trial.TrialInput;
import io.nodedb.bench.trial.TrialOutput;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;

/** One contestant, loaded with the data set, through all works in turn. */
public final class StoreTrial implements Trial {
    /** Names the folder of the recordings, one for each work; without it there are none. */
    static final String PROFILES = "profiles";

    static final String SUFFIX = ".jfr";

    private static final int PRECISION = 3;

    /** Keys that are read back after each work that writes. */
    private static final int CHECKED = 10_000;

    @Override
    public void run(TrialInput input, TrialOutput output) throws Exception {
        KvContestant contestant = KvContestant.valueOf(input.text("contestant"));
        Path directory = Files.createDirectories(input.path("directory"));
        Dataset dataset = new Dataset(new Records(input.count("valueBytes")), input.number("keys"));
        try (KeyValueStore store = contestant.open(directory)) {
            store.load(dataset.records(), input.number("keys"));
            for (KvWork work : KvWork.all()) {
                if (contestant != KvContestant.NODEDB) {
                    if (work.isForPeers()) {
                        work(store, dataset, work, input, output);
                    }
                } else if (input.values().containsKey(PROFILES)) {
                    Path file = input.path(PROFILES).resolve(work.name() + SUFFIX);
                    Recorder.record(file, () -> work(store, dataset, work, input, output));
                } else {
                    work(store, dataset, work, input, output);
                }
            }
        }
    }

    private static void work(
            KeyValueStore store, Dataset dataset, KvWork work, TrialInput input, TrialOutput output)
            throws Exception {
        Histogram nanos = new Histogram(PRECISION);
        Window window =
                new Window(
                        CoreAllocation.ofRunningCores(),
                        input.nanos("warmUpMillis"),
                        input.nanos("millis"));
        long failed =
                work.pipeline() > 0 && store instanceof NodeDbStore nodeDb
                        ? new PipelinedLoad(nodeDb.pipelined(work.tier()), work, dataset, window)
                                .run(nanos)
                        : new CallerLoad(store, work, dataset, window).run(nanos);
        if (work.operation() == KvWork.Operation.PUT) {
            failed += dataset.countWrong(store, CHECKED);
        }
        output.tell(work.name(), window.measurement(nanos, failed));
    }
}
