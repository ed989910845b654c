package io.nodedb.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.bench.report.Goal.Metric;
import io.nodedb.bench.report.Measurement.Extra;
import org.junit.jupiter.api.Test;

class ComparisonTest {
    private static final Contestant OURS = Contestant.ours("NodeDB");
    private static final Contestant PEER = Contestant.peer("Peer 1.0");

    private final Comparison comparison = new Comparison(true);

    private String rowOf(Contestant contestant) {
        return comparison
                .table()
                .markdown()
                .lines()
                .filter(line -> line.contains(contestant.name()))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void higherRateGivesRatioAboveOne() {
        Work work = Work.rate("put", Goal.ratio(1.0));
        comparison.add(work, OURS, Measurement.of(300, 0));
        comparison.add(work, PEER, Measurement.of(200, 0));
        assertThat(rowOf(PEER)).contains("1.50×", "≥ 1×", "yes");
    }

    @Test
    void severalOfOursAreEachComparedWithThePeer() {
        Work work = Work.rate("put", Goal.ratio(1.0)).ratioOfEachOfOurs();
        Contestant variant = Contestant.ours("Other variant");
        comparison.add(work, OURS, Measurement.of(300, 0));
        comparison.add(work, variant, Measurement.of(100, 0));
        comparison.add(work, PEER, Measurement.of(200, 0));
        assertThat(rowOf(OURS)).contains("1.50×", "≥ 1×", "yes");
        assertThat(rowOf(variant)).contains("0.50×", "NO");
        assertThat(rowOf(PEER)).contains("200").doesNotContain("×");
    }

    @Test
    void lowerCostGivesRatioAboveOne() {
        Work work = Work.cost("start", "ms", Goal.ratio(1.0));
        comparison.add(work, OURS, Measurement.of(400, 0));
        comparison.add(work, PEER, Measurement.of(200, 0));
        assertThat(rowOf(PEER)).contains("0.50×", "NO");
    }

    @Test
    void repetitionsGiveTheirMedianAndSpread() {
        Work work = Work.cost("start", "ms", Goal.atMost(Metric.VALUE, 500, "ms"));
        for (double value : new double[] {900, 100, 300}) {
            comparison.add(work, OURS, Measurement.of(value, 0));
        }
        assertThat(rowOf(OURS)).contains("| 300 |", "100 – 900", "≤ 500 ms", "yes");
    }

    @Test
    void failedOperationVoidsTheContestant() {
        Work work = Work.rate("put", Goal.ratio(1.0));
        comparison.add(work, OURS, Measurement.of(300, 1));
        comparison.add(work, PEER, Measurement.of(200, 0));
        assertThat(rowOf(OURS)).contains("void");
        assertThat(rowOf(PEER)).contains("200").doesNotContain("yes");
        assertThat(comparison.failed()).isTrue();
    }

    @Test
    void extrasAreColumnsOnlyWhereTheyWereMeasured() {
        Work work = Work.rate("put");
        comparison.add(work, OURS, Measurement.of(300, 0).with(Extra.P99_MICROS, 12));
        assertThat(comparison.table().markdown()).contains("p99 µs").doesNotContain("p50 µs");
    }

    @Test
    void unjudgedRunTellsGoalsWithoutVerdicts() {
        Comparison quick = new Comparison(false);
        quick.add(
                Work.cost("idle", "s", Goal.atMost(Metric.VALUE, 1, "s")),
                OURS,
                Measurement.of(2, 0));
        assertThat(quick.table().markdown()).contains("not judged").doesNotContain("NO");
    }
}
