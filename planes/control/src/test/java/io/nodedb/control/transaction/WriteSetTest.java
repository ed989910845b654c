package io.nodedb.control.transaction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.control.catalog.SlotMap;
import io.nodedb.control.dispatch.Router;
import io.nodedb.control.harness.ControlHarness;
import io.nodedb.plan.commit.KeyWrite;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class WriteSetTest {
    private final Router router = new Router(SlotMap.ofNewDatabase(6), new ControlHarness(3, 6));
    private final WriteSet writes = new WriteSet(router, 10_000);

    @Test
    void lastWriteOfAKeyCounts() {
        writes.put(20, bytes("a"), bytes("1"), 0);
        writes.delete(20, bytes("a"));
        writes.put(20, bytes("a"), bytes("22"), 5);
        writes.put(21, bytes("a"), bytes("x"), 0);
        assertThat(writes.size()).isEqualTo(2);
        KeyWrite found = writes.find(20, bytes("a"));
        assertThat(found.value()).isEqualTo(bytes("22"));
        assertThat(found.expireAtMillis()).isEqualTo(5);
        assertThat(writes.find(20, bytes("b"))).isNull();
        assertThat(writes.collections()).containsExactlyInAnyOrder(20, 21);
    }

    @Test
    void arraysAreTheTransactionsOwn() {
        byte[] key = bytes("a");
        byte[] value = bytes("1");
        writes.put(20, key, value, 0);
        key[0] = 'z';
        value[0] = 'z';
        assertThat(writes.find(20, bytes("a")).value()).isEqualTo(bytes("1"));
    }

    @Test
    void partsHoldEachWriteOnceWithItsCoreAndSortedByPartition() {
        for (int i = 0; i < 50; i++) {
            writes.put(20, bytes("key-" + i), bytes("v"), 0);
        }
        List<WriteSet.Part> parts = writes.byCore();
        assertThat(parts).extracting(WriteSet.Part::core).containsExactly(0, 1, 2);
        int sum = 0;
        for (WriteSet.Part part : parts) {
            assertThat(part.writes()).extracting(KeyWrite::partition).isSorted();
            assertThat(part.writes())
                    .allMatch(write -> router.coreOf(write.partition()) == part.core());
            sum += part.writes().size();
        }
        assertThat(sum).isEqualTo(50);
    }

    @Test
    void limitIsNamedAndWhatWasWrittenBeforeStays() {
        writes.put(20, bytes("a"), new byte[5_000], 0);
        assertThatThrownBy(() -> writes.put(20, bytes("b"), new byte[5_000], 0))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.FAN_OUT_EXCEEDED))
                .hasMessageContaining("transaction_write_limit=10000");
        assertThat(writes.size()).isEqualTo(1);
        // Replacing a value gives its room back.
        writes.put(20, bytes("a"), new byte[10], 0);
        writes.put(20, bytes("b"), new byte[5_000], 0);
        assertThat(writes.size()).isEqualTo(2);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
