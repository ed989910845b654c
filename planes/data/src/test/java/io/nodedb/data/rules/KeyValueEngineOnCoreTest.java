package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.kv.KvEngineFactory;
import org.junit.jupiter.api.Test;

class KeyValueEngineOnCoreTest {
    private final CoreHarness db;

    KeyValueEngineOnCoreTest() {
        HarnessOptions options = new HarnessOptions();
        options.engine = new KvEngineFactory();
        db = new CoreHarness(options);
    }

    @Test
    void readOfALargePendingValueWaitsForItsBatchWithoutSpinning() {
        byte[] large = new byte[50_000];
        large[49_999] = 1;
        db.put("a", large, r -> {});
        Reply read = db.get("a");
        db.coreStep();
        db.coreStep();
        db.poll();
        assertThat(read.done).isFalse();
        assertThat(read.chunkSequence).isEmpty();
        assertThat(db.coreStep()).as("nothing to do").isFalse();
        assertThat(db.core().hasWork()).isFalse();
        assertThat(db.core().sleepNanos()).isGreaterThan(1_000_000);
        db.settle();
        assertThat(read.ok().value).isEqualTo(large);
    }

    @Test
    void largestValuesTravelInPartsAndChunksAndSurviveARestart() {
        byte[] large = new byte[5_000_000];
        new java.util.Random(5).nextBytes(large);
        Reply put = db.put("a", large, r -> {});
        db.settle();
        put.ok();
        for (int restart = 0; restart < 2; restart++) {
            Reply read = db.get("a");
            db.settle();
            assertThat(read.ok().value).isEqualTo(large);
            db.core().maintenance().requestCheckpoint();
            db.settle();
            db.crash();
            db.open(1);
        }
    }
}
