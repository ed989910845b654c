package io.nodedb.data.core;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class AdaptiveSpinTest {
    private final AdaptiveSpin spin = new AdaptiveSpin(20_000);

    @Test
    void coreThatHasFoundNothingYetSleepsAtOnce() {
        assertThat(spin.nanos()).isZero();
    }

    @Test
    void foundWorkDoublesTheNextSpinUpToTheLimit() {
        long[] expected = {500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000, 20_000};
        for (long nanos : expected) {
            spin.foundWork();
            assertThat(spin.nanos()).isEqualTo(nanos);
        }
    }

    @Test
    void spinsThatFindNothingHalveItUntilALongIdleCoreSleepsAtOnce() {
        for (int i = 0; i < 10; i++) {
            spin.foundWork();
        }
        long[] expected = {10_000, 5_000, 2_500, 1_250, 625, 312, 0, 0};
        for (long nanos : expected) {
            spin.foundNothing();
            assertThat(spin.nanos()).isEqualTo(nanos);
        }
        spin.foundWork();
        assertThat(spin.nanos()).as("and begins anew").isEqualTo(500);
    }

    @Test
    void limitOfZeroNeverSpins() {
        AdaptiveSpin never = new AdaptiveSpin(0);
        for (int i = 0; i < 10; i++) {
            never.foundWork();
            assertThat(never.nanos()).isZero();
        }
    }

    @Test
    void limitBelowTheShortestSpinIsKept() {
        AdaptiveSpin little = new AdaptiveSpin(100);
        little.foundWork();
        assertThat(little.nanos()).isEqualTo(100);
        little.foundNothing();
        assertThat(little.nanos()).isZero();
    }
}
