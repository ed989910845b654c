package io.nodedb.base.value;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Values of all types, close enough to each other that many are equal or neighbours. */
final class RandomValues {
    private static final long[] EDGES = {
        0,
        1,
        -1,
        2,
        127,
        128,
        255,
        256,
        65_535,
        1L << 32,
        1L << 53,
        (1L << 53) + 1,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Integer.MAX_VALUE,
        Integer.MIN_VALUE,
        -256,
        -257,
        -128
    };
    private static final double[] DOUBLES = {
        0.0,
        -0.0,
        0.1,
        -0.1,
        0.5,
        1.5,
        1e15,
        1e22,
        1e23,
        0x1p62,
        0x1p63,
        -0x1p63,
        Double.MIN_VALUE,
        1e-300,
        Double.MAX_VALUE,
        Double.NaN,
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        2.0000000000000004
    };
    private static final String[] UNITS = {
        "",
        "a",
        "b",
        "ab",
        "\u0000",
        "\u0000\u0001",
        "\u00FF",
        "é",
        "\uFFFD",
        "\uE000",
        "😀",
        "z\u0000"
    };

    private final Random random;

    RandomValues(Random random) {
        this.random = random;
    }

    Value next() {
        return random.nextInt(6) == 0 ? nested(2) : scalar();
    }

    Value scalar() {
        return switch (random.nextInt(20)) {
            case 0 -> Value.NULL;
            case 1 -> Value.of(random.nextBoolean());
            case 2 -> new Value.Int2((short) whole());
            case 3 -> Value.of((int) whole());
            case 4 -> Value.of(whole());
            case 5 -> new Value.Float4((float) real());
            case 6, 7 -> Value.of(real());
            case 8, 9, 10 -> decimal();
            case 11, 12 -> Value.of(text());
            case 13 -> new Value.Bytes(text().getBytes(java.nio.charset.StandardCharsets.UTF_8));
            case 14 -> new Value.Uuid(whole(), whole());
            case 15 -> new Value.Date((int) whole());
            case 16 -> new Value.Time(Math.floorMod(whole(), Moments.DAY_MICROS + 1));
            case 17 -> new Value.Timestamp(whole());
            case 18 -> new Value.TimestampTz(whole());
            default -> interval();
        };
    }

    private Value nested(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return scalar();
        }
        int size = random.nextInt(4);
        if (random.nextBoolean()) {
            List<Value> elements = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                elements.add(nested(depth - 1));
            }
            return new Value.Array(elements);
        }
        Map<String, Value> fields = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            fields.put(text(), nested(depth - 1));
        }
        return new Value.Document(fields);
    }

    private Value interval() {
        return switch (random.nextInt(3)) {
            case 0 -> new Value.Interval(random.nextInt(3) - 1, random.nextInt(61) - 30, 0);
            case 1 -> new Value.Interval((int) whole(), (int) whole(), whole());
            default ->
                    new Value.Interval(
                            0, random.nextInt(3), Moments.DAY_MICROS * (random.nextInt(3) - 1));
        };
    }

    private long whole() {
        return switch (random.nextInt(3)) {
            case 0 -> EDGES[random.nextInt(EDGES.length)];
            case 1 -> random.nextInt(7) - 3;
            default -> random.nextLong() >> random.nextInt(64);
        };
    }

    private double real() {
        return switch (random.nextInt(4)) {
            case 0 -> DOUBLES[random.nextInt(DOUBLES.length)];
            case 1 -> (random.nextInt(41) - 20) / 10.0;
            case 2 -> whole();
            default -> Double.longBitsToDouble(random.nextLong());
        };
    }

    private Value decimal() {
        return switch (random.nextInt(6)) {
            case 0 -> Value.Decimal.NAN;
            case 1 ->
                    random.nextBoolean() ? Value.Decimal.INFINITY : Value.Decimal.NEGATIVE_INFINITY;
            case 2 -> Value.of(new BigDecimal(BigInteger.valueOf(whole()), random.nextInt(6)));
            case 3 -> Value.of(BigDecimal.valueOf(random.nextInt(41) - 20, 1));
            case 4 ->
                    Value.of(
                            new BigDecimal(
                                    new BigInteger(random.nextInt(700), random),
                                    random.nextInt(300)));
            default -> Value.of(new BigDecimal(new BigInteger(700, random).negate()));
        };
    }

    private String text() {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(3); i > 0; i--) {
            text.append(UNITS[random.nextInt(UNITS.length)]);
        }
        return text.toString();
    }
}
