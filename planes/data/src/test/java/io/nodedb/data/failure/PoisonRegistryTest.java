package io.nodedb.data.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PoisonRegistryTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);
    private static final int TENANT = 0;
    private static final int COLLECTION = 20;
    private static final int PUT = 10;

    private final PoisonRegistry poison = new PoisonRegistry(1024, 2, 30 * SECOND, 60 * SECOND);

    @Test
    void exactRequestIsRefusedForThirtySecondsFromItsSecondFailure() {
        poison.failed(TENANT, COLLECTION, PUT, 7, 0);
        assertThat(poison.refusedMillis(TENANT, COLLECTION, PUT, 7, 1)).isZero();
        poison.failed(TENANT, COLLECTION, PUT, 7, SECOND);
        assertThat(poison.refusedMillis(TENANT, COLLECTION, PUT, 7, SECOND)).isEqualTo(30_000);
        assertThat(poison.refusedMillis(TENANT, COLLECTION, PUT, 7, 31 * SECOND)).isZero();
    }

    @Test
    void otherValuesOfTheShapeMayRunWhileOnlyOneFails() {
        poison.failed(TENANT, COLLECTION, PUT, 7, 0);
        poison.failed(TENANT, COLLECTION, PUT, 7, 1);
        assertThat(poison.refusedMillis(TENANT, COLLECTION, PUT, 8, 2)).isZero();
    }

    @Test
    void shapeIsRefusedWhenDifferentValuesFail() {
        poison.failed(TENANT, COLLECTION, PUT, 7, 0);
        poison.failed(TENANT, COLLECTION, PUT, 8, 1);
        assertThat(poison.refusedMillis(TENANT, COLLECTION, PUT, 9, 2)).isEqualTo(30_000);
        assertThat(poison.refusedMillis(TENANT, COLLECTION + 1, PUT, 9, 2)).isZero();
        assertThat(poison.refusedMillis(TENANT, COLLECTION, PUT + 1, 9, 2)).isZero();
        assertThat(poison.refusedMillis(TENANT + 1, COLLECTION, PUT, 9, 2)).isZero();
    }

    @Test
    void shapeIsNotRefusedWhenDifferentValuesFailFarApart() {
        poison.failed(TENANT, COLLECTION, PUT, 7, 0);
        poison.failed(TENANT, COLLECTION, PUT, 8, 61 * SECOND);
        assertThat(poison.refusedMillis(TENANT, COLLECTION, PUT, 9, 61 * SECOND)).isZero();
    }

    @Test
    void fingerprintCountsAtMostTwiceForTheWatchdog() {
        Watchdog watchdog = new Watchdog(3, 60 * SECOND, 30 * SECOND);
        for (int i = 0; i < 10; i++) {
            if (poison.failed(TENANT, COLLECTION, PUT, 7, i)) {
                watchdog.failed(i);
            }
        }
        assertThat(watchdog.degraded()).as("A, A, A does not degrade").isFalse();
        assertThat(poison.failed(TENANT, COLLECTION + 1, PUT, 7, 11)).isTrue();
        watchdog.failed(11);
        assertThat(watchdog.degraded()).as("A, A, B degrades").isTrue();
    }

    @Test
    void newestFingerprintsAreKept() {
        PoisonRegistry small = new PoisonRegistry(2, 2, 30 * SECOND, 60 * SECOND);
        small.failed(TENANT, 20, PUT, 1, 0);
        small.failed(TENANT, 21, PUT, 1, 0);
        small.failed(TENANT, 22, PUT, 1, 0);
        assertThat(small.size()).isEqualTo(2);
        small.failed(TENANT, 20, PUT, 1, 1);
        assertThat(small.refusedMillis(TENANT, 20, PUT, 1, 2))
                .as("the first failure was forgotten")
                .isZero();
    }

    @Test
    void refusesNothingBeforeTheSecondFailureAndAfterTheRefusalTime() {
        assertThat(poison.refusesAny(0)).isFalse();
        poison.failed(TENANT, COLLECTION, PUT, 7, 0);
        assertThat(poison.refusesAny(1)).isFalse();
        poison.failed(TENANT, COLLECTION, PUT, 7, 2);
        assertThat(poison.refusesAny(3)).isTrue();
        assertThat(poison.refusesAny(2 + 30 * SECOND)).isFalse();
    }

    @Test
    void howManyFailuresRefuseARequestIsASetting() {
        PoisonRegistry patient = new PoisonRegistry(1024, 3, 30 * SECOND, 60 * SECOND);
        assertThat(patient.failed(1, 2, 3, 4, 0)).isTrue();
        assertThat(patient.failed(1, 2, 3, 4, 1)).isTrue();
        assertThat(patient.refusesAny(2)).isFalse();
        assertThat(patient.failed(1, 2, 3, 4, 2)).isTrue();
        assertThat(patient.refusedMillis(1, 2, 3, 4, 3)).isPositive();
        assertThat(patient.failed(1, 2, 3, 4, 4)).as("counts no more").isFalse();
    }
}
