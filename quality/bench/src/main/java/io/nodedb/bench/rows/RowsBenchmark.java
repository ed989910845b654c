package io.nodedb.bench.rows;

import io.nodedb.bench.profile.SelfTimes;
import io.nodedb.bench.report.Comparison;
import io.nodedb.bench.report.TextTable;
import io.nodedb.bench.run.Benchmark;
import io.nodedb.bench.run.ScratchFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Sorted rows on disk, in parts. */
@Command(
        name = "rows",
        description =
                "Rows of 200 to 1000 bytes: the row store by itself beside RocksDB, H2 MVStore and"
                        + " SQLite: load, write with merges, get, walk both ways.",
        mixinStandardHelpOptions = true)
public final class RowsBenchmark extends Benchmark {
    private static final int REPETITIONS = 3;

    /** What can be measured by itself. */
    enum Part {
        /** The row store without what stands on it. */
        STORE
    }

    @Option(
            names = "--part",
            paramLabel = "PART",
            split = ",",
            description = "What to measure: ${COMPLETION-CANDIDATES}; all by default.")
    private List<Part> parts = List.of(Part.values());

    @Option(
            names = "--contestants",
            paramLabel = "NAME",
            split = ",",
            description = "Who takes part: ${COMPLETION-CANDIDATES}; all by default.")
    private List<RowsContestant> contestants = List.of(RowsContestant.values());

    @Option(names = "--rows", paramLabel = "N", description = "Rows.")
    private @Nullable Long rows;

    @Option(names = "--millis", paramLabel = "MS", description = "Measured time of reads.")
    private @Nullable Long millis;

    @Option(names = "--warm-up-millis", paramLabel = "MS", description = "Warm-up of reads.")
    private @Nullable Long warmUpMillis;

    @Option(
            names = "--profile",
            description =
                    "Record NodeDB by the JDK's flight recorder and print where processor time went,"
                            + " of the last repetition. The rates are then not results.")
    private boolean profile;

    private final Map<String, TextTable> profiles = new LinkedHashMap<>();

    private StorePart storePart() {
        return new StorePart(
                new StorePart.Sizes(
                        options().sized(rows, 1_000_000, 5_000),
                        options().sized(millis, 5_000, 100),
                        options().sized(warmUpMillis, 3_000, 50),
                        options().repetitions(REPETITIONS),
                        contestants,
                        profile),
                this::progress,
                this::profiled);
    }

    private void profiled(String title, Path recording) throws IOException {
        if (Files.exists(recording)) {
            profiles.put(title, SelfTimes.of(recording).table());
        }
    }

    @Override
    protected void measure(ScratchFolder scratch, Comparison comparison) throws IOException {
        if (profile) {
            comparison.remark("--profile: recording takes time, these rates are no results.");
        }
        if (parts.contains(Part.STORE)) {
            storePart().measure(scratch, comparison);
        }
    }

    @Override
    protected List<String> method() {
        List<String> method = new ArrayList<>();
        if (parts.contains(Part.STORE)) {
            method.addAll(storePart().method());
        }
        return method;
    }

    @Override
    protected Map<String, TextTable> appendix() {
        return profiles;
    }
}
