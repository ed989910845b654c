package io.nodedb.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.bench.report.Goal.Metric;
import org.junit.jupiter.api.Test;

class GoalTest {
    @Test
    void limitItselfIsReached() {
        assertThat(Goal.ratio(1.0).verdict(1.0)).isEqualTo("yes");
        assertThat(Goal.atMost(Metric.P50, 6, "µs").verdict(6)).isEqualTo("yes");
    }

    @Test
    void aimIsToldBesideTheGoal() {
        Goal goal = Goal.atMost(Metric.VALUE, 500, "ms").aim(250);
        assertThat(goal.text()).isEqualTo("≤ 500 ms, aim 250 ms");
        assertThat(goal.verdict(600)).isEqualTo("NO");
        assertThat(goal.verdict(400)).isEqualTo("yes");
        assertThat(goal.verdict(200)).isEqualTo("yes, aim too");
    }

    @Test
    void aimAloneIsNoGoal() {
        Goal aim = new Goal(Metric.P99, Direction.LOWER_IS_BETTER, "µs", Double.NaN, 8);
        assertThat(aim.text()).isEqualTo("p99 aim ≤ 8 µs");
        assertThat(aim.verdict(9)).isEqualTo("aim missed");
    }

    @Test
    void nothingMeasuredIsNotJudged() {
        assertThat(Goal.ratio(1.0).verdict(Double.NaN)).isEqualTo("–");
    }
}
