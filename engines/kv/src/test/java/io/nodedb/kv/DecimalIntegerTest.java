package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalIntegerTest {
    private final DecimalInteger number = new DecimalInteger();

    private boolean parse(String text) {
        return number.parse(Model.bytes(text), text.length());
    }

    @ParameterizedTest
    @ValueSource(
            longs = {0, 1, -1, 9, 10, -10, 99, Long.MAX_VALUE, Long.MIN_VALUE, Long.MIN_VALUE + 1})
    void everyLongIsReadAndWritten(long value) {
        assertThat(parse(Long.toString(value))).isTrue();
        assertThat(number.value()).isEqualTo(value);
        number.format(value);
        assertThat(text()).isEqualTo(Long.toString(value));
    }

    @Test
    void randomLongsAreReadAndWritten() {
        Random random = new Random(5);
        for (int i = 0; i < 100_000; i++) {
            long value = random.nextLong() >> random.nextInt(64);
            number.format(value);
            assertThat(text()).isEqualTo(Long.toString(value));
            assertThat(parse(text())).isTrue();
            assertThat(number.value()).isEqualTo(value);
        }
    }

    private String text() {
        return new String(
                number.bytes(),
                number.start(),
                number.length(),
                java.nio.charset.StandardCharsets.US_ASCII);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "-",
                "+1",
                " 1",
                "1 ",
                "1.0",
                "0x1",
                "--1",
                "9223372036854775808",
                "-9223372036854775809",
                "99999999999999999999",
                "123456789012345678901",
                "é"
            })
    void whatIsNoLongIsRefused(String text) {
        assertThat(parse(text)).isFalse();
    }
}
