package io.nodedb.base.value;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.TestSeed;
import java.math.BigDecimal;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValueFormatTest {
    @Test
    void bytesOfEveryTypeNeverChange() {
        Map<String, Value> fields = new LinkedHashMap<>();
        fields.put("b", Value.of("é"));
        fields.put("a", Value.NULL);
        assertFormat(Value.NULL, "00", "ff");
        assertFormat(Value.of(true), "0201", "1001");
        assertFormat(new Value.Int2((short) -1), "0301", "207f00");
        assertFormat(Value.of(300), "04d804", "2082012c00");
        assertFormat(Value.of(Long.MIN_VALUE), "05ffffffffffffffffff01", "2077800000000000000000");
        assertFormat(new Value.Float4(1.5f), "063fc00000", "2081013300");
        assertFormat(Value.of(-0.25), "07bfd0000000000000", "207f4c00");
        assertFormat(Value.of(new BigDecimal("327.67")), "0803087fff", "208201474400");
        assertFormat(Value.Decimal.NAN, "080101", "20fe");
        assertFormat(Value.of("a\u0000"), "09026100", "306100ff0001");
        assertFormat(new Value.Bytes(new byte[] {7}), "0b0107", "38070001");
        assertFormat(
                new Value.Uuid(1, 2),
                "0c00000000000000010000000000000002",
                "4000000000000000010000000000000002");
        assertFormat(new Value.Date(-1), "0d01", "507fffffff");
        assertFormat(new Value.Time(1), "0e02", "588000000000000001");
        assertFormat(new Value.Timestamp(1), "0f02", "608000000000000001");
        assertFormat(new Value.TimestampTz(1), "1002", "688000000000000001");
        assertFormat(
                new Value.Interval(1, -1, 1), "11020102", "70800000000000001d8000000000000001");
        assertFormat(
                new Value.Array(List.of(Value.of(1), Value.NULL)),
                "1202040200",
                "802081010" + "0f001");
        assertFormat(
                new Value.Document(fields),
                "130201620902c3a9016100",
                "8802610001f002620001" + "30c3a9000101");
    }

    private static void assertFormat(Value value, String bytes, String key) {
        ByteWriter target = new ByteWriter();
        ValueFormat.write(value, target);
        assertThat(HexFormat.of().formatHex(target.toByteArray())).isEqualTo(bytes);
        byte[] stored = HexFormat.of().parseHex(bytes);
        assertThat(ValueFormat.read(new ByteReader(stored))).isEqualTo(value);
        byte[] keyBytes = new KeyWriter().put(value, KeyOrder.ASCENDING).toByteArray();
        assertThat(HexFormat.of().formatHex(keyBytes)).as("key of %s", value).isEqualTo(key);
    }

    @Test
    void everyValueReadsBackAsItself() {
        long seed = TestSeed.next();
        RandomValues values = new RandomValues(new Random(seed));
        ByteWriter target = new ByteWriter();
        for (int round = 0; round < 20_000; round++) {
            Value value = values.next();
            ValueFormat.write(value, target.clear());
            ByteReader source = new ByteReader(target.toByteArray());
            assertThat(ValueFormat.read(source)).as(TestSeed.replay(seed)).isEqualTo(value);
            assertThat(source.remaining()).isZero();
        }
    }

    @Test
    void typedKeyColumnsReadBackInTheirType() {
        KeyOrder order = KeyOrder.DESCENDING;
        byte[] key =
                new KeyWriter()
                        .put(Value.of(0.1), order)
                        .put(Value.of(7), order)
                        .putLong(-300, order)
                        .put(new Value.Float4(0.1f), order)
                        .toByteArray();
        KeyReader reader = new KeyReader(key);
        assertThat(reader.next(order, Type.FLOAT8)).isEqualTo(Value.of(0.1));
        assertThat(reader.next(order, Type.INT4)).isEqualTo(Value.of(7));
        assertThat(reader.next(order)).isEqualTo(Value.of(-300L));
        assertThat(reader.next(order, Type.FLOAT4)).isEqualTo(new Value.Float4(0.1f));
    }
}
