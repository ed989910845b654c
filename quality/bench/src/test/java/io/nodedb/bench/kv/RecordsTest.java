package io.nodedb.bench.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RecordsTest {
    private final Records records = new Records(100);

    private byte[] value(long number, long version) {
        byte[] value = new byte[records.valueBytes()];
        records.value(number, version, value);
        return value;
    }

    @Test
    void valueMatchesItsNumberAndVersionOnly() {
        byte[] value = value(7, 3);
        assertThat(records.matches(7, 3, value)).isTrue();
        assertThat(records.matches(7, 4, value)).isFalse();
        assertThat(records.matches(8, 3, value)).isFalse();
        assertThat(new Records(99).matches(7, 3, value)).isFalse();
    }

    @Test
    void everyByteIsChecked() {
        for (int at = 0; at < records.valueBytes(); at++) {
            byte[] value = value(7, 3);
            value[at] ^= 1;
            assertThat(records.matches(7, 3, value)).as("byte " + at + " changed").isFalse();
        }
    }

    @Test
    void keysDiffer() {
        Set<String> keys = new HashSet<>();
        byte[] key = new byte[Records.KEY_BYTES];
        for (int number = 0; number < 10_000; number++) {
            records.key(number, key);
            keys.add(java.util.HexFormat.of().formatHex(key));
        }
        assertThat(keys).hasSize(10_000);
    }
}
