package io.nodedb.bench.report;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void medianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        assertThat(Figures.median(4, 1, 3, 2)).isEqualTo(2.5);
        assertThat(Figures.median(7)).isEqualTo(7);
        assertThat(Figures.median()).isNaN();
    }

    @Test
    void percentilesAreOfTheNumbersThemselves() {
        assertThat(Figures.percentile(99, 3, 1, 2)).isEqualTo(3);
        assertThat(Figures.percentile(0, 3, 1, 2)).isEqualTo(1);
        assertThat(Figures.percentile(50, 4, 3, 2, 1)).isEqualTo(2);
    }

    @Test
    void threeDigitsCount() {
        assertThat(Figures.of(1_234_567)).isEqualTo("1,234,567");
        assertThat(Figures.of(12.345)).isEqualTo("12.3");
        assertThat(Figures.of(0.5)).isEqualTo("0.50");
        assertThat(Figures.of(0)).isEqualTo("0");
        assertThat(Figures.of(Double.NaN)).isEqualTo("–");
    }
}
