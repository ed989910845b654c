package io.nodedb.base.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ids.Tenants;
import io.nodedb.base.settings.MemorySettings;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class MemoryGovernorTest {
    @Test
    void reservationsNeverPassTheLimit() {
        MemoryGovernor governor = new MemoryGovernor(100);
        assertThat(governor.tryReserve(MemoryTag.RINGS, 60)).isTrue();
        assertThat(governor.tryReserve(MemoryTag.EVENTS, 41)).isFalse();
        assertThat(governor.tryReserve(MemoryTag.EVENTS, Long.MAX_VALUE)).isFalse();
        assertThat(governor.used()).isEqualTo(60);
        assertThat(governor.used(MemoryTag.EVENTS)).isZero();
        assertThat(governor.tryReserve(MemoryTag.EVENTS, 40)).isTrue();
        governor.release(MemoryTag.RINGS, 60);
        assertThat(governor.used()).isEqualTo(40);
        assertThat(governor.used(MemoryTag.EVENTS)).isEqualTo(40);
    }

    @Test
    void refusalNamesTheNumbers() {
        MemoryGovernor governor = new MemoryGovernor(100);
        assertThatThrownBy(() -> governor.reserve(MemoryTag.RINGS, 101))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> {
                            assertThat(e.code()).isEqualTo(ErrorCode.OUT_OF_MEMORY);
                            assertThat(e.retryAfterMillis()).isPositive();
                        })
                .hasMessageContaining("tag=RINGS requested=101 used=0 limit=100");
    }

    @Test
    void levelsChangeAtTheThresholdsAndTellListeners() {
        MemoryGovernor governor = new MemoryGovernor(100);
        List<PressureLevel> told = new ArrayList<>();
        governor.addListener(told::add);
        governor.reserve(MemoryTag.OTHER, 74);
        assertThat(governor.pressure()).isEqualTo(PressureLevel.NORMAL);
        governor.reserve(MemoryTag.OTHER, 1);
        governor.reserve(MemoryTag.OTHER, 15);
        governor.reserve(MemoryTag.OTHER, 7);
        assertThat(governor.pressure()).isEqualTo(PressureLevel.EMERGENCY);
        governor.release(MemoryTag.OTHER, 97);
        assertThat(told)
                .containsExactly(
                        PressureLevel.WARNING,
                        PressureLevel.CRITICAL,
                        PressureLevel.EMERGENCY,
                        PressureLevel.NORMAL);
    }

    @Test
    void releasingMoreThanReservedIsABug() {
        MemoryGovernor governor = new MemoryGovernor(100);
        governor.reserve(MemoryTag.OTHER, 10);
        assertThatThrownBy(() -> governor.release(MemoryTag.OTHER, 11))
                .isInstanceOf(BugException.class);
    }

    @Test
    void sumsAndLevelAreExactAfterConcurrentUse() throws InterruptedException {
        MemoryGovernor governor = new MemoryGovernor(1_000);
        AtomicReference<Throwable> failure = new AtomicReference<>();
        List<Thread> threads = new ArrayList<>();
        for (MemoryTag tag : List.of(MemoryTag.KV_DATA, MemoryTag.KV_INDEX, MemoryTag.RINGS)) {
            threads.add(
                    Thread.ofPlatform()
                            .uncaughtExceptionHandler((_, e) -> failure.set(e))
                            .start(() -> reserveAndRelease(governor, tag)));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(failure.get()).isNull();
        assertThat(governor.used()).isEqualTo(3 * 250);
        assertThat(governor.used(MemoryTag.RINGS)).isEqualTo(250);
        assertThat(governor.pressure()).isEqualTo(PressureLevel.WARNING);
    }

    private static void reserveAndRelease(MemoryGovernor governor, MemoryTag tag) {
        for (int i = 0; i < 100_000; i++) {
            if (governor.tryReserve(tag, 333)) {
                governor.release(tag, 333);
            }
        }
        while (!governor.tryReserve(tag, 250)) {
            Thread.onSpinWait();
        }
    }

    @Test
    void limitFollowsTheSettingOrTheMachine() {
        Settings set = Settings.defaults().with(MemorySettings.MEMORY_LIMIT, 4L << 30);
        assertThat(MemoryLimit.total(set)).isEqualTo(4L << 30);
        assertThat(MemoryLimit.beyondHeap(set, 1L << 30)).isEqualTo(3L << 30);
        assertThat(MemoryLimit.beyondHeap(set, 5L << 30)).isEqualTo(64L << 20);
        assertThat(MemoryLimit.total(Settings.defaults())).isPositive();
    }

    @Test
    void accountRefusesBeyondItsBudgetWhileOthersGoOn() {
        MemoryGovernor governor = new MemoryGovernor(1_000);
        MemoryAccount small = governor.account(7);
        small.setBudget(100);
        assertThat(small.tryReserve(MemoryTag.KV_DATA, 100)).isTrue();
        assertThat(small.tryReserve(MemoryTag.KV_DATA, 1)).isFalse();
        assertThat(small.refusals()).isEqualTo(1);
        MemoryAccount other = governor.account(8);
        assertThat(other.tryReserve(MemoryTag.KV_INDEX, 900)).isTrue();
        assertThat(governor.used()).isEqualTo(1_000);
        assertThat(other.tryReserve(MemoryTag.KV_INDEX, 1)).isFalse();
        assertThat(other.refusals()).as("that was the whole limit").isZero();
        assertThat(other.used()).isEqualTo(900);
        small.release(MemoryTag.KV_DATA, 100);
        small.reserveBeyondLimit(MemoryTag.KV_DATA, 150);
        assertThat(small.used()).isEqualTo(150);
        assertThat(governor.account(7)).isSameAs(small);
    }

    @Test
    void accountsHaveTheBudgetOfTheSettingExceptTheSystems() {
        Settings settings =
                Settings.builder(RuntimeSettings.allAreas())
                        .explicit("tenant_memory", "64MiB")
                        .build();
        MemoryGovernor governor = new MemoryGovernor(1L << 30, settings);
        assertThat(governor.account(Tenants.DEFAULT).budget()).isEqualTo(64L << 20);
        assertThat(governor.account(Tenants.SYSTEM).budget()).isZero();
    }

    @Test
    void engineAtItsBudgetIsRefusedWhileOthersGoOn() {
        Settings settings =
                Settings.builder(RuntimeSettings.allAreas()).explicit("kv_memory", "1KiB").build();
        MemoryGovernor governor = new MemoryGovernor(10_000, settings);
        assertThat(governor.tryReserve(MemoryTag.KV_DATA, 1_000)).isTrue();
        assertThat(governor.tryReserve(MemoryTag.KV_INDEX, 25)).isFalse();
        assertThat(governor.keyValueRefusals()).isEqualTo(1);
        assertThat(governor.shortage()).contains("kv_memory: used=1000 budget=1024");
        assertThat(governor.used()).isEqualTo(1_000);
        assertThat(governor.tryReserve(MemoryTag.WAL_BUFFERS, 9_000)).isTrue();
        assertThat(governor.tryReserve(MemoryTag.KV_INDEX, 24)).as("the whole limit").isFalse();
        governor.release(MemoryTag.WAL_BUFFERS, 9_000);
        assertThat(governor.tryReserve(MemoryTag.KV_INDEX, 24)).as("nothing leaked").isTrue();
        governor.reserveBeyondLimit(MemoryTag.KV_DATA, 100);
        governor.release(MemoryTag.KV_DATA, 1_100);
        assertThat(governor.tryReserve(MemoryTag.KV_DATA, 1_000)).isTrue();
    }
}
