package io.nodedb.bench.profile;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SelfTimesTest {
    private final SelfTimes times = new SelfTimes();

    private void add(int samples, String thread, String method) {
        for (int i = 0; i < samples; i++) {
            times.add(thread, method);
        }
    }

    @Test
    void threadsOfOneJobAreOneRowAndTheBusiestComesFirst() {
        add(1, "wal-writer", "Writer.write");
        add(2, "data-core-0", "Loop.step");
        add(1, "data-core-1", "Loop.step");
        assertThat(times.table().aligned().lines().skip(2))
                .extracting(line -> line.strip().replaceAll(" +", " "))
                .containsExactly(
                        "data-core all 75.0",
                        "Loop.step 75.0",
                        "wal-writer all 25.0",
                        "Writer.write 25.0");
    }

    @Test
    void whatTookNextToNothingIsLeftOut() {
        add(1_000, "caller-0", "Store.get");
        add(1, "caller-0", "Store.put");
        assertThat(times.table().aligned()).contains("Store.get").doesNotContain("Store.put");
    }
}
