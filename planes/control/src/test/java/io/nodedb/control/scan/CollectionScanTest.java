package io.nodedb.control.scan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.control.catalog.CollectionOptions;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.harness.ControlHarness;
import io.nodedb.control.harness.ModelCore;
import io.nodedb.control.kv.KvClient;
import io.nodedb.plan.kv.KvCondition;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CollectionScanTest {
    private static final int KEYS = 3_000;

    private final ControlHarness harness = new ControlHarness(3, 5);

    @Test
    void allPagesOfAllPartitionsComeInHashOrderAtOneSnapshot() {
        KvClient client = filled();
        List<String> keys = new ArrayList<>();
        try (CollectionScan scan = harness.control.scan(client.collection(), CallOptions.DEFAULT)) {
            long last = 0;
            for (ScanEntry entry = scan.next(); entry != null; entry = scan.next()) {
                if (keys.isEmpty()) {
                    // Later writes are not in it, whatever page they belong to.
                    for (int i = 0; i < KEYS; i += 7) {
                        client.delete(key(i));
                        client.put(key(KEYS + i), key(i), KvCondition.ALWAYS, 0);
                    }
                }
                assertThat(Long.compareUnsigned(entry.keyHash(), last)).isGreaterThanOrEqualTo(0);
                last = entry.keyHash();
                assertThat(entry.value()).isEqualTo(entry.key());
                keys.add(new String(entry.key(), StandardCharsets.UTF_8));
            }
            assertThat(scan.next()).isNull();
        }
        assertThat(keys).hasSize(KEYS).doesNotHaveDuplicates();
        assertThat(harness.openScans(client.collection().id())).isZero();
    }

    @Test
    void countIsThatOfTheSnapshot() {
        KvClient client = filled();
        assertThat(harness.control.count(client.collection(), CallOptions.DEFAULT)).isEqualTo(KEYS);
    }

    @Test
    void failedPageEndsTheScanAndGivesThePermitBack() {
        KvClient client = filled();
        CollectionInfo collection = client.collection();
        CollectionScan scan = harness.control.scan(collection, CallOptions.DEFAULT);
        harness.world.clear();
        for (int core = 0; core < 3; core++) {
            for (var request = harness.port(core).take();
                    request != null;
                    request = harness.port(core).take()) {
                harness.fail(request, ErrorCode.SNAPSHOT_TOO_OLD.number(), "too old");
            }
        }
        assertThatThrownBy(scan::next)
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.SNAPSHOT_TOO_OLD));
        assertThat(scan.next()).isNull();
        scan.close();
        assertThat(harness.openScans(collection.id())).isZero();
    }

    private KvClient filled() {
        ModelCore.all(harness);
        CollectionInfo collection =
                harness.control.createCollection("c", CollectionOptions.KEY_VALUE);
        KvClient client = harness.control.keyValue(collection, CallOptions.DEFAULT);
        for (int i = 0; i < KEYS; i++) {
            client.put(key(i), key(i), KvCondition.ALWAYS, 0);
        }
        return client;
    }

    private static byte[] key(int i) {
        return ("key-" + i).getBytes(StandardCharsets.UTF_8);
    }
}
