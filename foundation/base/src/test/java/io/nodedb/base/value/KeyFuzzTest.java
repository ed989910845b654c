package io.nodedb.base.value;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.nodedb.base.TestSeed;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The order of keys' bytes is the order of their values, and what is read back is equal. */
class KeyFuzzTest {
    private static final int SHORT_ROUNDS = 40_000;
    private static final int LONG_ROUNDS = 5_000_000;
    private static final KeyOrder[] ORDERS = KeyOrder.values();

    private static int rounds() {
        return "value-keys".equals(System.getProperty("nodedb.long", ""))
                ? LONG_ROUNDS
                : SHORT_ROUNDS;
    }

    @Test
    void bytesAreOrderedAsValuesAndReadBackEqual() {
        long seed = TestSeed.next();
        Random random = new Random(seed);
        RandomValues values = new RandomValues(random);
        KeyWriter writer = new KeyWriter();
        for (int round = 0; round < rounds(); round++) {
            int columns = 1 + random.nextInt(3);
            List<Value> left = new ArrayList<>();
            List<Value> right = new ArrayList<>();
            List<KeyOrder> orders = new ArrayList<>();
            for (int i = 0; i < columns; i++) {
                left.add(values.next());
                right.add(random.nextInt(4) == 0 ? left.get(i) : values.next());
                orders.add(ORDERS[random.nextInt(ORDERS.length)]);
            }
            byte[] leftKey = key(writer, left, orders);
            byte[] rightKey = key(writer, right, orders);
            assertThat(Integer.signum(Arrays.compareUnsigned(leftKey, rightKey)))
                    .as("%s %s %s %s", left, right, orders, TestSeed.replay(seed))
                    .isEqualTo(Integer.signum(order(left, right, orders)));
            KeyReader reader = new KeyReader(leftKey);
            for (int i = 0; i < columns; i++) {
                Value read = reader.next(orders.get(i));
                assertThat(ValueOrder.compare(read, left.get(i)))
                        .as("%s read as %s, %s", left.get(i), read, TestSeed.replay(seed))
                        .isZero();
            }
            assertThat(reader.hasNext()).isFalse();
        }
    }

    @Test
    void equalValuesHaveEqualHashesAndTheOrderIsTransitive() {
        long seed = TestSeed.next();
        RandomValues values = new RandomValues(new Random(seed));
        for (int round = 0; round < rounds(); round++) {
            Value a = values.next();
            Value b = values.next();
            Value c = values.next();
            int ab = ValueOrder.compare(a, b);
            assertThat(Integer.signum(ValueOrder.compare(b, a)))
                    .as("%s %s %s", a, b, TestSeed.replay(seed))
                    .isEqualTo(-Integer.signum(ab));
            if (ab == 0) {
                assertThat(ValueOrder.hash(a))
                        .as("%s %s %s", a, b, TestSeed.replay(seed))
                        .isEqualTo(ValueOrder.hash(b));
            }
            if (ab <= 0 && ValueOrder.compare(b, c) <= 0) {
                assertThat(ValueOrder.compare(a, c))
                        .as("%s %s %s %s", a, b, c, TestSeed.replay(seed))
                        .isLessThanOrEqualTo(0);
            }
        }
    }

    @Test
    void damagedKeysAndValuesEndInNamedErrors() {
        long seed = TestSeed.next();
        Random random = new Random(seed);
        RandomValues values = new RandomValues(random);
        KeyWriter writer = new KeyWriter();
        ByteWriter target = new ByteWriter();
        for (int round = 0; round < rounds() / 4; round++) {
            Value value = values.next();
            byte[] key = key(writer, List.of(value), List.of(KeyOrder.ASCENDING));
            ValueFormat.write(value, target.clear());
            byte[] damagedKey = damaged(key, random);
            byte[] damagedValue = damaged(target.toByteArray(), random);
            assertNamed(() -> new KeyReader(damagedKey).next(KeyOrder.ASCENDING), seed);
            assertNamed(() -> ValueFormat.read(new ByteReader(damagedValue)), seed);
        }
    }

    private static void assertNamed(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable read, long seed) {
        Throwable failure = catchThrowable(read);
        if (failure != null) {
            assertThat(failure).as(TestSeed.replay(seed)).isInstanceOf(NodeDbException.class);
            assertThat(((NodeDbException) failure).code())
                    .isIn(ErrorCode.DATA_CORRUPTED, ErrorCode.OVERFLOW);
        }
    }

    private static byte[] damaged(byte[] bytes, Random random) {
        byte[] copy =
                Arrays.copyOf(
                        bytes,
                        random.nextInt(3) == 0 ? random.nextInt(bytes.length) : bytes.length);
        for (int i = random.nextInt(3); i >= 0 && copy.length > 0; i--) {
            copy[random.nextInt(copy.length)] ^= (byte) (1 << random.nextInt(8));
        }
        return copy;
    }

    private static byte[] key(KeyWriter writer, List<Value> values, List<KeyOrder> orders) {
        writer.clear();
        for (int i = 0; i < values.size(); i++) {
            writer.put(values.get(i), orders.get(i));
        }
        return writer.toByteArray();
    }

    private static int order(List<Value> a, List<Value> b, List<KeyOrder> orders) {
        for (int i = 0; i < a.size(); i++) {
            int order = orders.get(i).compare(a.get(i), b.get(i));
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }
}
