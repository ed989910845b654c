package io.nodedb.data.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IoBudgetTest {
    private static final long MILLI = 1_000_000;

    private final IoBudget budget = new IoBudget(1_000_000, 0);

    @Test
    void atMostATenthOfASecondIsSavedUp() {
        assertThat(budget.mayMove(10_000 * MILLI)).isTrue();
        budget.moved(100_000);
        assertThat(budget.mayMove(10_000 * MILLI)).isFalse();
    }

    @Test
    void whatWasUsedUpComesBackInOnePieceNotByteByByte() {
        budget.moved(100_000);
        assertThat(budget.mayMove(49 * MILLI)).isFalse();
        assertThat(budget.nanosUntilMove(49 * MILLI)).isBetween(MILLI, MILLI + 2);
        assertThat(budget.mayMove(50 * MILLI)).isTrue();
        budget.moved(49_000);
        assertThat(budget.mayMove(50 * MILLI)).isTrue();
    }

    @Test
    void whatWasMovedBeyondTheCreditIsPaidLater() {
        budget.moved(1_100_000);
        assertThat(budget.nanosUntilMove(0)).isBetween(1_050 * MILLI, 1_050 * MILLI + 2);
        assertThat(budget.mayMove(1_049 * MILLI)).isFalse();
        assertThat(budget.mayMove(1_050 * MILLI)).isTrue();
    }

    @Test
    void overALongTimeTheRateIsKept() {
        long moved = 0;
        for (long now = 0; now < 100_000 * MILLI; now += MILLI) {
            if (budget.mayMove(now)) {
                budget.moved(7_000);
                moved += 7_000;
            }
        }
        assertThat(moved).isBetween(99_000_000L, 100_200_000L);
    }
}
