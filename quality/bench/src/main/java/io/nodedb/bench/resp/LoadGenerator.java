package io.nodedb.bench.resp;

import io.nodedb.base.ownership.Immutable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * {@code redis-benchmark}: one thread in a process of its own, which sends one command again and
 * again over many connections. It ends with the first error that a server answers with.
 */
final class LoadGenerator {
    static final String PROGRAM = "redis-benchmark";

    /** A bound on a hang, not an expectation. */
    private static final long PATIENCE_MINUTES = 5;

    private static final double MICROS_PER_MILLI = 1_000;

    /** Columns behind the test's name in its table: rps, then milliseconds. */
    private static final int COLUMNS = 7;

    private static final int RATE = 0;
    private static final int P50 = 3;
    private static final int P99 = 5;

    /**
     * What a load reached.
     *
     * @param complaint what the generator said when it gave up; empty when all was answered
     */
    @Immutable
    record Load(double perSecond, double p50Micros, double p99Micros, String complaint) {
        boolean failed() {
            return !complaint.isEmpty();
        }
    }

    private LoadGenerator() {}

    /** {@code value} is what SET stores. */
    static Load run(int port, RespWork work, long requests, long keys, String value)
            throws IOException {
        List<String> command =
                new ArrayList<>(
                        List.of(
                                PROGRAM,
                                "-p",
                                Integer.toString(port),
                                "-c",
                                Integer.toString(RespWork.CONNECTIONS),
                                "-P",
                                Integer.toString(work.pipeline()),
                                "-n",
                                Long.toString(requests),
                                "-r",
                                Long.toString(keys),
                                "--csv"));
        String random = "__rand_int__";
        command.addAll(
                switch (work.command()) {
                    case SET -> List.of("SET", "key:" + random, value);
                    case GET -> List.of("GET", "key:" + random);
                    case INCR -> List.of("INCR", "counter:" + random);
                });
        Path output = Files.createTempFile("load", ".csv");
        try {
            Process process =
                    new ProcessBuilder(command)
                            .redirectErrorStream(true)
                            .redirectOutput(output.toFile())
                            .start();
            int status = end(process);
            String said = Files.readString(output);
            return status == 0 ? parse(said) : failure(said);
        } finally {
            Files.delete(output);
        }
    }

    /** It never ends by itself when a connection that it needs was refused. */
    private static int end(Process process) {
        try {
            if (process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
                return process.exitValue();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        process.destroyForcibly();
        return -1;
    }

    private static Load failure(String said) {
        return new Load(Double.NaN, Double.NaN, Double.NaN, said.isBlank() ? "it failed" : said);
    }

    /** The last line that has the columns: {@code "name","rps","avg",...}. */
    static Load parse(String said) {
        String row =
                said.lines()
                        .filter(line -> line.startsWith("\"") && !line.contains("\"rps\""))
                        .reduce((_, later) -> later)
                        .orElse("");
        String[] cells = row.split("\",\"", -1);
        if (cells.length <= COLUMNS) {
            return failure(said);
        }
        double[] numbers =
                Arrays.stream(cells, cells.length - COLUMNS, cells.length)
                        .mapToDouble(cell -> Double.parseDouble(cell.replace("\"", "")))
                        .toArray();
        return new Load(
                numbers[RATE],
                numbers[P50] * MICROS_PER_MILLI,
                numbers[P99] * MICROS_PER_MILLI,
                "");
    }
}
