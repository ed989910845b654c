package io.nodedb.server;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RedisFrontTest {
    @ParameterizedTest
    @CsvSource({
        "AUTO, 1, 1, true",
        "AUTO, 2, 1, true",
        "AUTO, 2, 2, true",
        "AUTO, 2, 4, true",
        "AUTO, 4, 3, true",
        "AUTO, 3, 1, false",
        "AUTO, 8, 6, false",
        "COMBINED, 8, 1, true",
        "SEPARATE, 1, 1, false"
    })
    void coresDriveTheirSocketsWhenThereIsNoRoomBesideThem(
            Placement placement, int processors, int cores, boolean combined) {
        assertThat(RedisFront.isCombined(placement, processors, cores)).isEqualTo(combined);
    }
}
