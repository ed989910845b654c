package io.nodedb.control.dispatch;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ids.Slots;
import io.nodedb.control.catalog.SlotMap;
import io.nodedb.control.harness.ControlHarness;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RouterTest {
    @Test
    void keyGoesToTheCoreOfThePartitionOfItsSlot() {
        SlotMap slots = SlotMap.ofNewDatabase(5);
        Router router = new Router(slots, new ControlHarness(3, 5));
        for (int i = 0; i < 1_000; i++) {
            long hash = KeyHash.of(("key-" + i).getBytes(StandardCharsets.UTF_8));
            int partition = router.partitionOf(hash);
            assertThat(partition).isEqualTo(slots.partitionOfSlot(Slots.ofHash(hash)));
            assertThat(router.coreOf(partition)).isEqualTo(partition % 3);
        }
        assertThat(router.partitions()).isEqualTo(5);
        assertThat(router.cores()).isEqualTo(3);
    }
}
