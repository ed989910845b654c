package io.nodedb.bench.report;

import static io.nodedb.bench.report.Measurement.Extra.CORE_ALLOCATION;
import static io.nodedb.bench.report.Measurement.Extra.P50_MICROS;
import static io.nodedb.bench.report.Measurement.Extra.P99_MICROS;
import static io.nodedb.bench.report.Measurement.Extra.PROCESSOR_NANOS;
import static io.nodedb.bench.report.Measurement.Extra.PROCESSOR_SECONDS;

import io.nodedb.bench.report.Goal.Metric;
import io.nodedb.bench.report.Measurement.Extra;
import io.nodedb.bench.report.Work.RatioRows;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Collects the measurements of one run and prints them: a row for each contestant in each work, the
 * median over the repetitions with the smallest and the largest, and ours against each peer. A
 * contestant that failed an operation or gave a wrong answer has no time.
 */
public final class Comparison {
    private static final List<String> COLUMNS =
            List.of(
                    "work",
                    "contestant",
                    "unit",
                    "median",
                    "min – max",
                    "p50 µs",
                    "p99 µs",
                    "cpu ns/op",
                    "cpu s",
                    "core B/op",
                    "failed",
                    "ratio",
                    "goal",
                    "reached");

    private static final int LEFT_COLUMNS = 3;
    private static final String NONE = "–";
    private static final String VOID = "void";
    private static final String NOT_JUDGED = "not judged";

    private final Map<Work, Map<Contestant, List<Measurement>>> results = new LinkedHashMap<>();
    private final Set<String> remarks = new LinkedHashSet<>();
    private final boolean judged;
    private boolean failed;

    /**
     * Without {@code judged} the goals are told, and that nobody can say whether they are reached.
     */
    public Comparison(boolean judged) {
        this.judged = judged;
    }

    /** Names a work before it is measured, so that the table keeps the order of the plan. */
    public void plan(Work work) {
        Map<Contestant, List<Measurement>> ignored = of(work);
    }

    private Map<Contestant, List<Measurement>> of(Work work) {
        return results.computeIfAbsent(work, _ -> new LinkedHashMap<>());
    }

    public void add(Work work, Contestant contestant, Measurement measurement) {
        of(work).computeIfAbsent(contestant, _ -> new ArrayList<>()).add(measurement);
        failed |= measurement.failed() > 0;
    }

    /** A sentence below the table: a peer that was skipped, a limit of the measurement. */
    public void remark(String sentence) {
        remarks.add(sentence);
    }

    /** A contestant could not be measured though it is there; the run counts as failed. */
    public void failure(String sentence) {
        remarks.add("FAILED: " + sentence);
        failed = true;
    }

    /** Some operation failed, some answer was wrong, or some contestant broke down. */
    public boolean failed() {
        return failed;
    }

    /** Sentences that belong below the table. */
    public List<String> remarks() {
        return List.copyOf(remarks);
    }

    /** Everything that was measured; columns in which nothing stands are left out. */
    public TextTable table() {
        List<List<String>> rows = new ArrayList<>();
        results.forEach((work, byContestant) -> {
            double other = firstMedian(byContestant, work.ratioRows() == RatioRows.PEERS);
            String name = work.name();
            for (Map.Entry<Contestant, List<Measurement>> entry : byContestant.entrySet()) {
                rows.add(row(name, work, entry.getKey(), entry.getValue(), other));
                name = "";
            }
        });
        List<Integer> used = new ArrayList<>();
        for (int column = 0; column < COLUMNS.size(); column++) {
            int at = column;
            if (column < LEFT_COLUMNS || rows.stream().anyMatch(row -> !row.get(at).equals(NONE))) {
                used.add(column);
            }
        }
        TextTable table = new TextTable(LEFT_COLUMNS, used.stream().map(COLUMNS::get).toList());
        rows.forEach(row -> table.add(used.stream().map(row::get).toList()));
        return table;
    }

    private List<String> row(
            String name,
            Work work,
            Contestant contestant,
            List<Measurement> measurements,
            double other) {
        long failures = measurements.stream().mapToLong(Measurement::failed).sum();
        double[] values = measurements.stream().mapToDouble(Measurement::value).toArray();
        double median = failures > 0 ? Double.NaN : Figures.median(values);
        boolean compared = contestant.ours() == (work.ratioRows() == RatioRows.OURS);
        double ratio = compared ? ratio(work, contestant, median, other) : Double.NaN;
        List<Goal> goals =
                work.goals().stream()
                        .filter(goal ->
                                goal.metric() == Metric.RATIO ? compared : contestant.ours())
                        .toList();
        return List.of(
                name,
                contestant.name(),
                work.unit(),
                failures > 0 ? VOID : Figures.of(median),
                spread(failures, values),
                Figures.of(median(measurements, P50_MICROS)),
                Figures.of(median(measurements, P99_MICROS)),
                Figures.of(median(measurements, PROCESSOR_NANOS)),
                Figures.of(median(measurements, PROCESSOR_SECONDS)),
                Figures.of(median(measurements, CORE_ALLOCATION)),
                Long.toString(failures),
                Double.isNaN(ratio) ? NONE : Figures.of(ratio) + "×",
                joined(goals.stream().map(Goal::text).toList()),
                joined(
                        goals.stream()
                                .map(goal -> verdict(goal, failures, ratio, median, measurements))
                                .toList()));
    }

    private static double ratio(Work work, Contestant contestant, double median, double other) {
        return contestant.ours()
                ? work.direction().ratio(median, other)
                : work.direction().ratio(other, median);
    }

    private String verdict(
            Goal goal, long failures, double ratio, double median, List<Measurement> measurements) {
        if (failures > 0) {
            return VOID;
        }
        return judged ? goal.verdict(reached(goal, ratio, median, measurements)) : NOT_JUDGED;
    }

    private static double reached(
            Goal goal, double ratio, double median, List<Measurement> measurements) {
        return switch (goal.metric()) {
            case RATIO -> ratio;
            case VALUE -> median;
            case P50 -> median(measurements, P50_MICROS);
            case P99 -> median(measurements, P99_MICROS);
            case ALLOCATION -> median(measurements, CORE_ALLOCATION);
            case PROCESSOR_SECONDS -> median(measurements, PROCESSOR_SECONDS);
        };
    }

    /** Of the first of ours, or of the first peer; NaN when it failed or is not there. */
    private static double firstMedian(
            Map<Contestant, List<Measurement>> byContestant, boolean ours) {
        return byContestant.entrySet().stream()
                .filter(entry -> entry.getKey().ours() == ours)
                .map(Map.Entry::getValue)
                .filter(list -> list.stream().allMatch(m -> m.failed() == 0))
                .findFirst()
                .map(list ->
                        Figures.median(list.stream().mapToDouble(Measurement::value).toArray()))
                .orElse(Double.NaN);
    }

    private static double median(List<Measurement> measurements, Extra extra) {
        return Figures.median(
                measurements.stream()
                        .mapToDouble(m -> m.extra(extra))
                        .filter(amount -> !Double.isNaN(amount))
                        .toArray());
    }

    private static String spread(long failures, double[] values) {
        if (failures > 0 || values.length < 2) {
            return NONE;
        }
        return Figures.of(Figures.percentile(0, values))
                + " – "
                + Figures.of(Figures.percentile(100, values));
    }

    private static String joined(List<String> parts) {
        return parts.isEmpty() ? NONE : parts.stream().collect(Collectors.joining("; "));
    }
}
