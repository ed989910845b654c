package io.nodedb.data.maintenance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MaintenanceBudgetTest {
    private static final long SLICE = 200_000;

    @Test
    void takesItsShareWhileRequestsWait() {
        MaintenanceBudget budget = new MaintenanceBudget(10, SLICE, 0);
        long now = 0;
        long spent = 0;
        for (int turn = 0; turn < 100_000; turn++) {
            long grant = budget.grantNanos(now, true);
            if (grant > 0) {
                budget.spent(grant, true);
                spent += grant;
                now += grant;
            }
            now += 100_000;
        }
        assertThat((double) spent / now).isBetween(0.09, 0.11);
    }

    @Test
    void takesEverythingWhileNoRequestWaits() {
        MaintenanceBudget budget = new MaintenanceBudget(10, SLICE, 0);
        for (int turn = 0; turn < 100; turn++) {
            assertThat(budget.grantNanos(turn, false)).isEqualTo(SLICE);
            budget.spent(SLICE, false);
        }
    }

    @Test
    void overdrawnTimeIsPaidBack() {
        MaintenanceBudget budget = new MaintenanceBudget(10, SLICE, 0);
        budget.spent(10 * SLICE, true);
        assertThat(budget.grantNanos(50 * SLICE, true)).isZero();
        assertThat(budget.grantNanos(200 * SLICE, true)).isEqualTo(SLICE);
    }
}
