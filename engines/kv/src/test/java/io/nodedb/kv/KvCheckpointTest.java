package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class KvCheckpointTest extends KvEngineFixture {
    @Test
    void deletionIsFoundByATransactionThatBeganBeforeTheKeyCameAndWent() {
        put("b", "1");
        core.acknowledge();
        core.snapshots.add(core.lastLsn);
        put("a", "1");
        core.acknowledge();
        delete("a");
        core.acknowledge();
        core.settle();
        assertThat(newestStamp("a")).isEqualTo(core.lastLsn);
        core.snapshots.clear();
        core.settle();
        assertThat(newestStamp("a")).isZero();
    }

    @Test
    void deletionOfWhatNoCheckpointHoldsLeavesNothing() {
        put("a", "1");
        core.acknowledge();
        delete("a");
        assertThat(newestStamp("a")).isNegative();
        core.acknowledge();
        assertThat(newestStamp("a")).isZero();
        assertThat(core.engine.dataBytes()).isZero();
    }

    @Test
    void deletionOfWhatACheckpointHoldsStaysUntilTheNextIsPublished() {
        put("a", "1");
        core.acknowledge();
        core.checkpointAll(false);
        delete("a");
        core.acknowledge();
        core.settle();
        assertThat(newestStamp("a")).isEqualTo(core.lastLsn);
        core.checkpointAll(false);
        assertThat(core.emitted()).isEqualTo(1);
        core.settle();
        assertThat(newestStamp("a")).isZero();
        assertThat(core.engine.dataBytes()).isZero();
        core.crash();
        assertThat(get("a", 0)).isEqualTo("absent");
    }

    @Test
    void keyEmittedByACheckpointThatIsStillOpenIsNotForgottenWhenDeleted() {
        put("a", "1");
        core.acknowledge();
        core.beginCheckpoint(false);
        assertThat(core.checkpointStep(10, 10_000)).isTrue();
        delete("a");
        core.acknowledge();
        core.settle();
        assertThat(newestStamp("a")).isEqualTo(core.lastLsn);
        core.publish();
        core.checkpointAll(false);
        core.crash();
        assertThat(get("a", 0)).isEqualTo("absent");
    }

    @Test
    void checkpointHoldsOnlyWhatChanged() {
        for (int i = 0; i < 2_000; i++) {
            put("key" + i, "v");
        }
        core.acknowledgeAll();
        assertThat(core.engine.checkpointNeeded()).isTrue();
        core.checkpointAll(true);
        assertThat(core.emitted()).isEqualTo(2_000);
        assertThat(core.engine.checkpointNeeded()).isFalse();
        core.checkpointAll(false);
        assertThat(core.emitted()).isZero();
        put("key7", "w");
        delete("key8");
        core.acknowledgeAll();
        put("key9", "pending");
        core.checkpointAll(false);
        assertThat(core.emitted()).isEqualTo(2);
        assertThat(core.engine.checkpointNeeded()).as("key9").isTrue();
        core.acknowledgeAll();
        core.checkpointAll(false);
        assertThat(core.emitted()).isEqualTo(1);
    }

    @Test
    void abandonedCheckpointIsMadeUpForByTheNext() {
        put("a", "1");
        core.acknowledge();
        core.beginCheckpoint(false);
        assertThat(core.checkpointStep(10, 10_000)).isTrue();
        core.abandon();
        assertThat(core.engine.checkpointNeeded()).isTrue();
        core.checkpointAll(false);
        assertThat(core.emitted()).isEqualTo(1);
    }

    @Test
    void firstCheckpointAfterAStartHoldsOnlyWhatWasReplayed() {
        for (int i = 0; i < 500; i++) {
            put("key" + i, "v");
        }
        core.acknowledgeAll();
        core.checkpointAll(true);
        put("key7", "w");
        core.acknowledgeAll();
        core.crash();
        core.checkpointAll(false);
        assertThat(core.emitted()).isEqualTo(1);
    }

    @Test
    void dropDuringACheckpointEndsItsPartOfIt() {
        put("a", "1");
        core.acknowledge();
        core.beginCheckpoint(false);
        core.engine.drop(KvCore.COLLECTION);
        assertThat(core.checkpointStep(10, 10_000)).isTrue();
        core.publish();
        core.settle();
        assertThat(core.engine.indexBytes()).isZero();
    }
}
