package io.nodedb.bench.run;

import io.nodedb.bench.image.ClassPath;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Options of every benchmark. */
public final class RunOptions {
    @Option(
            names = "--quick",
            description = "Small sizes and one repetition: shows that it runs, measures nothing.")
    private boolean quick;

    @Option(
            names = "--markdown",
            description = "Print the section for docs/benchmarks.md instead of the table.")
    private boolean markdown;

    @Option(
            names = "--repetitions",
            paramLabel = "N",
            description = "How often each contestant has its turn.")
    private @Nullable Integer repetitions;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description = "Where data goes, in a folder that is deleted afterwards.")
    private @Nullable Path directory;

    public boolean quick() {
        return quick;
    }

    /** The first of two values normally, the second with {@code --quick}. */
    public long sized(long full, long small) {
        return quick ? small : full;
    }

    /** An option's value if it was given, else as {@link #sized}. */
    public long sized(@Nullable Long given, long full, long small) {
        return given == null ? sized(full, small) : given;
    }

    /**
     * The number of repetitions that was asked for, else {@code full}, or 1 with {@code --quick}.
     */
    public int repetitions(int full) {
        return repetitions == null ? (int) sized(full, 1) : repetitions;
    }

    boolean markdown() {
        return markdown;
    }

    Path directory() {
        return directory == null
                ? ClassPath.imageFolder().resolve("../../data").normalize()
                : directory.toAbsolutePath();
    }
}
