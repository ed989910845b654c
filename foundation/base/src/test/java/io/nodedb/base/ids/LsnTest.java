package io.nodedb.base.ids;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LsnTest {
    @Test
    void millisecondsSurviveTheRoundTrip() {
        long millis = 1_795_355_700_123L;
        assertThat(Lsn.millis(Lsn.ofMillis(millis))).isEqualTo(millis);
        assertThat(Lsn.millis(Lsn.ofMillis(millis) + 65_535)).isEqualTo(millis);
        assertThat(Lsn.ofMillis(millis)).isPositive().isLessThan(Lsn.PENDING);
    }

    @Test
    void textNamesTimeAndCounter() {
        assertThat(Lsn.toString(Lsn.ofMillis(0) + 7)).isEqualTo("1970-01-01T00:00:00Z+7");
        assertThat(Lsn.toString(Lsn.PENDING)).isEqualTo("pending");
    }

    @Test
    void partitionFoldersAreDistinct() {
        assertThat(Partitions.directory(0)).isEqualTo("p0000");
        assertThat(Partitions.directory(1023)).isEqualTo("p1023");
        assertThat(Partitions.directory(Partitions.SYSTEM)).isEqualTo("catalog");
    }
}
