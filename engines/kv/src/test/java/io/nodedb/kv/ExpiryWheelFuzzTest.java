package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The wheel against a map from versions to their times. */
class ExpiryWheelFuzzTest {
    private static final LongForm FORM = LongForm.of("kv-wheel");

    @Test
    void versionsFallDueAtTheirTimeNeitherEarlierNorLater() {
        SeededRuns.of(FORM).run(20, 20_000, ExpiryWheelFuzzTest::run);
    }

    private static void run(SplittableRandom random) {
        SlabAllocator slabs = new SlabAllocator(new MemoryGovernor(64L << 20), MemoryTag.KV_DATA);
        EntryStore entries = new EntryStore(slabs);
        ExpiryWheel wheel = new ExpiryWheel(entries);
        Map<Long, Long> times = new TreeMap<>();
        List<Long> added = new ArrayList<>();
        long now = random.nextBoolean() ? 0 : 1_700_000_000_000L + random.nextInt();
        for (int step = 0; step < 3_000; step++) {
            int choice = random.nextInt(10);
            if (choice < 5) {
                long expireAt = Math.max(1, now + delay(random));
                long entry = entries.create(1, 0, 0, expireAt, new byte[0], 0, 0, 0, 0);
                wheel.add(entry, expireAt);
                times.put(entry, expireAt);
                added.add(entry);
            } else if (choice < 7 && !added.isEmpty()) {
                long entry = added.remove(random.nextInt(added.size()));
                wheel.remove(entry);
                wheel.remove(entry);
                times.remove(entry);
                entries.free(entry);
            } else {
                now = Math.max(0, now + (random.nextInt(10) == 0 ? -random.nextInt(3_000) : 0));
                now += Math.clamp(delay(random), 0, 1L << 41);
                takeDue(wheel, entries, times, added, now, random);
            }
            assertThat(wheel.size()).isEqualTo(times.size());
        }
        slabs.close();
    }

    private static long delay(SplittableRandom random) {
        return switch (random.nextInt(8)) {
            case 0 -> -random.nextInt(1_000);
            case 1 -> random.nextInt(3);
            case 2 -> random.nextInt(64);
            case 3 -> random.nextLong(1L << (1 + random.nextInt(40)));
            case 4 -> Long.MAX_VALUE / 4;
            default -> random.nextInt(5_000);
        };
    }

    private static void takeDue(
            ExpiryWheel wheel,
            EntryStore entries,
            Map<Long, Long> times,
            List<Long> added,
            long now,
            SplittableRandom random) {
        int slices = 0;
        do {
            wheel.advance(now, 1 + random.nextInt(50));
            long due;
            while ((due = wheel.firstDue()) != 0) {
                long expireAt = times.get(due);
                assertThat(entries.expireAt(due)).isEqualTo(expireAt);
                if (expireAt > now) {
                    // It was due before the clock stepped back.
                    wheel.move(due, expireAt);
                    assertThat(wheel.firstDue()).isNotEqualTo(due);
                    continue;
                }
                wheel.remove(due);
                times.remove(due);
                added.remove(due);
                entries.free(due);
            }
            assertThat(slices++).as("work is bounded").isLessThan(100_000);
        } while (wheel.nextMillis() <= now);
        assertThat(times.values()).allMatch(time -> time > now);
        long next = wheel.nextMillis();
        assertThat(next).isGreaterThan(now);
        times.values().forEach(time -> assertThat(next).isLessThanOrEqualTo(time));
    }
}
