package io.nodedb.document;

import io.nodedb.base.value.Moments;
import io.nodedb.base.value.Value;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** Nested values of all types, with keys that share beginnings, differ in case and are empty. */
public final class RandomDocuments {
    private static final String[] WORDS = {
        "",
        "a",
        "A",
        "b",
        "ab",
        "é",
        "😀",
        "name",
        "Name",
        "\u0000",
        "key",
        "zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz"
    };

    private final SplittableRandom random;

    public RandomDocuments(SplittableRandom random) {
        this.random = random;
    }

    public Value next() {
        return nested(random.nextInt(5));
    }

    private Value nested(int depth) {
        if (depth == 0 || random.nextInt(4) == 0) {
            return scalar();
        }
        int size = random.nextInt(10) == 0 ? random.nextInt(300) : random.nextInt(6);
        if (random.nextBoolean()) {
            List<Value> elements = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                elements.add(nested(size > 10 ? 0 : depth - 1));
            }
            return new Value.Array(elements);
        }
        Map<String, Value> fields = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            String key = size > 10 ? word() + random.nextInt(1_000) : word();
            fields.put(key, nested(size > 10 ? 0 : depth - 1));
        }
        return new Value.Document(fields);
    }

    private String word() {
        return WORDS[random.nextInt(WORDS.length)];
    }

    public String text() {
        StringBuilder text = new StringBuilder();
        int words = random.nextInt(50) == 0 ? random.nextInt(40_000) : random.nextInt(4);
        for (int i = 0; i < words; i++) {
            text.append(word());
        }
        return text.toString();
    }

    private long whole() {
        return random.nextLong() >> random.nextInt(64);
    }

    public Value scalar() {
        return switch (random.nextInt(16)) {
            case 0 -> Value.NULL;
            case 1 -> Value.of(random.nextBoolean());
            case 2 -> new Value.Int2((short) whole());
            case 3 -> Value.of((int) whole());
            case 4 -> Value.of(whole());
            case 5 -> new Value.Float4(Float.intBitsToFloat(random.nextInt()));
            case 6 -> Value.of(random.nextInt(1_000) / 8.0);
            case 7 -> Value.of(new BigDecimal(BigInteger.valueOf(whole()), random.nextInt(9)));
            case 8 -> new Value.Bytes(text().getBytes(StandardCharsets.UTF_8));
            case 9 -> new Value.Uuid(whole(), whole());
            case 10 -> new Value.Date((int) whole());
            case 11 -> new Value.Time(Math.floorMod(whole(), Moments.DAY_MICROS + 1));
            case 12 -> new Value.Timestamp(whole());
            case 13 -> new Value.TimestampTz(whole());
            case 14 -> new Value.Interval((int) whole(), (int) whole(), whole());
            default -> Value.of(text());
        };
    }

    /** One to three flipped bits, or the end cut off. */
    public byte[] damaged(byte[] bytes) {
        int length = random.nextInt(4) == 0 ? random.nextInt(bytes.length) : bytes.length;
        byte[] copy = java.util.Arrays.copyOf(bytes, length);
        for (int i = random.nextInt(3); i >= 0 && length > 0; i--) {
            copy[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
        }
        return copy;
    }
}
