package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.memory.MemoryTag;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.commit.CollectionCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.plan.kv.KvScanCall;
import org.junit.jupiter.api.Test;

class KvEngineTest extends KvEngineFixture {
    @Test
    void readOfAPendingWriteNamesItsBatch() {
        put("a", "1");
        assertThat(get("a", 0)).isEqualTo("1");
        assertThat(core.context.dependsOn).isEqualTo(1);
        assertThat(newestStamp("a")).isEqualTo(-1);
        core.acknowledge();
        assertThat(get("a", 0)).isEqualTo("1");
        assertThat(core.context.dependsOn).isZero();
        assertThat(newestStamp("a")).isEqualTo(core.lastLsn);
        delete("a");
        assertThat(get("a", 0)).isEqualTo("absent");
        assertThat(core.context.dependsOn).isEqualTo(2);
    }

    @Test
    void conditionThatFailsStillNamesThePendingWriteItSaw() {
        put("a", "1");
        call(KvOp.COMPARE_AND_DELETE, "a").setExpected(new byte[] {'2'}, 0, 1);
        assertThat(core.execute(call, 0)).isEqualTo(Outcome.DONE);
        assertThat(call.applied).isFalse();
        assertThat(core.context.effects.length()).isZero();
        assertThat(core.context.dependsOn).isEqualTo(1);
    }

    @Test
    void snapshotSkipsPendingAndLaterVersions() {
        put("a", "1");
        core.acknowledge();
        long first = core.lastLsn;
        core.snapshots.add(first);
        put("a", "2");
        assertThat(get("a", first)).isEqualTo("1");
        core.acknowledge();
        assertThat(get("a", first)).isEqualTo("1");
        assertThat(get("a", core.lastLsn)).isEqualTo("2");
        delete("a");
        core.acknowledge();
        assertThat(get("a", first)).isEqualTo("1");
        assertThat(get("a", core.lastLsn)).isEqualTo("absent");
    }

    @Test
    void versionsGoWhenTheirSnapshotsEnd() {
        put("a", "1");
        core.acknowledge();
        long alone = core.engine.dataBytes();
        core.snapshots.add(core.lastLsn);
        for (int i = 0; i < 100; i++) {
            put("a", "2");
            core.acknowledge();
        }
        assertThat(core.engine.dataBytes()).as("one for the snapshot").isEqualTo(2 * alone);
        core.settle();
        assertThat(core.engine.dataBytes()).isEqualTo(2 * alone);
        core.snapshots.clear();
        core.settle();
        assertThat(core.engine.dataBytes()).isEqualTo(alone);
    }

    @Test
    void expiredValueIsGoneForReadersBeforeItsDeletionIsLogged() {
        long start = core.nowMillis;
        put("a", Model.bytes("1"), start + 100);
        core.acknowledge();
        long lsn = core.lastLsn;
        core.snapshots.add(lsn);
        assertThat(core.engine.nextExpiryMillis()).isLessThanOrEqualTo(start + 100);
        core.nowMillis = start + 99;
        assertThat(get("a", 0)).isEqualTo("1");
        assertThat(core.expire(10)).isZero();
        core.nowMillis = start + 100;
        assertThat(get("a", 0)).isEqualTo("absent");
        assertThat(get("a", lsn)).as("at the snapshot's time").isEqualTo("1");
        assertThat(core.engine.count(KvCore.COLLECTION)).isEqualTo(1);
        assertThat(core.expire(10)).isEqualTo(1);
        assertThat(core.engine.count(KvCore.COLLECTION)).isZero();
        assertThat(core.engine.nextExpiryMillis()).isEqualTo(Long.MAX_VALUE);
        core.acknowledgeAll();
        core.snapshots.clear();
        core.settle();
        assertThat(core.engine.dataBytes()).isZero();
    }

    @Test
    void expiryIsOfferedAgainWhenItsBatchDoesNotCome() {
        put("a", Model.bytes("1"), core.nowMillis + 10);
        core.acknowledge();
        core.nowMillis += 10;
        core.context.begin(core.nowMillis, 0);
        assertThat(core.engine.expire(core.context, 10)).isEqualTo(1);
        core.context.begin(core.nowMillis, 0);
        assertThat(core.engine.expire(core.context, 10)).as("not at once").isZero();
        assertThat(core.engine.nextExpiryMillis())
                .isBetween(core.nowMillis, core.nowMillis + 1_000);
        core.nowMillis += 1_000;
        assertThat(core.expire(10)).isEqualTo(1);
    }

    @Test
    void expiryGoesOnInSlicesOfTheWantedSize() {
        for (int i = 0; i < 1_000; i++) {
            put("key" + i, Model.bytes("1"), core.nowMillis + 1 + i % 7);
        }
        core.acknowledgeAll();
        core.nowMillis += 10;
        int expired = 0;
        while (core.engine.count(KvCore.COLLECTION) > 0) {
            int slice = core.expire(64);
            assertThat(slice).isLessThanOrEqualTo(64);
            expired += slice;
        }
        assertThat(expired).isEqualTo(1_000);
    }

    @Test
    void keysAndValuesUpToTheirLimitsAreTaken() {
        byte[] key = large(KvLimits.KEY_BYTES, 5);
        call.reset();
        call.op = KvOp.PUT;
        call.collection = KvCore.COLLECTION;
        call.setKey(key, 0, key.length);
        call.value = new byte[KvLimits.VALUE_BYTES];
        call.valueLength = KvLimits.VALUE_BYTES;
        call.value[KvLimits.VALUE_BYTES - 1] = 9;
        assertThat(core.write(call)).isTrue();
        core.acknowledge();
        call.op = KvOp.EXISTS;
        call.valueLength = 0;
        assertThat(core.execute(call, 0)).isEqualTo(Outcome.DONE);
        assertThat(call.found).isTrue();
        put("", "empty key");
        assertThat(get("", 0)).isEqualTo("empty key");
    }

    @Test
    void keysAndValuesBeyondTheirLimitsAreRefusedWithTheLimit() {
        call(KvOp.PUT, "a");
        call.value = new byte[KvLimits.VALUE_BYTES + 1];
        call.valueLength = KvLimits.VALUE_BYTES + 1;
        assertThat(core.execute(call, 0)).isEqualTo(ErrorCode.INVALID_ARGUMENT.number());
        assertThat(core.context.message).contains("limit=" + KvLimits.VALUE_BYTES);
        byte[] key = new byte[KvLimits.KEY_BYTES + 1];
        call.reset();
        call.collection = KvCore.COLLECTION;
        call.setKey(key, 0, key.length);
        assertThat(core.execute(call, 0)).isEqualTo(ErrorCode.INVALID_ARGUMENT.number());
        assertThat(core.context.message).contains("limit=" + KvLimits.KEY_BYTES);
        call(KvOp.EXPIRE, "a").expireAtMillis = -2;
        assertThat(core.execute(call, 0)).isEqualTo(ErrorCode.INVALID_ARGUMENT.number());
    }

    @Test
    void unknownCollectionsAndOperationsAreRefused() {
        call(KvOp.GET, "a").collection = 99;
        assertThat(core.execute(call, 0)).isEqualTo(ErrorCode.NOT_FOUND.number());
        CollectionCall describe = new CollectionCall();
        describe.collection = KvCore.COLLECTION;
        assertThat(core.execute(describe, 0)).isEqualTo(ErrorCode.UNSUPPORTED.number());
        assertThat(core.engine.count(99)).isZero();
        assertThat(newestStampOf(99)).isZero();
        core.engine.drop(99);
        core.engine.stamp(99, 4711, 5);
    }

    @Test
    void newestVersionHasExpiredFromItsTimeUntilItIsDeleted() {
        assertThat(hasExpired("a", Long.MAX_VALUE)).as("absent").isFalse();
        long due = core.nowMillis + 10;
        put("a", Model.bytes("1"), due);
        core.acknowledge();
        assertThat(hasExpired("a", due - 1)).isFalse();
        assertThat(hasExpired("a", due)).isTrue();
        assertThat(core.write(call(KvOp.DELETE, "a"))).isTrue();
        assertThat(hasExpired("a", Long.MAX_VALUE)).as("deleted").isFalse();
    }

    private boolean hasExpired(String key, long nowMillis) {
        byte[] bytes = Model.bytes(key);
        return core.engine.newestHasExpired(
                KvCore.COLLECTION, bytes, 0, bytes.length, KeyHash.of(bytes), nowMillis);
    }

    private long newestStampOf(int collection) {
        return core.engine.newestStamp(collection, new byte[1], 0, 1, 5);
    }

    @Test
    void commitBehindAPendingVersionIsABug() {
        put("a", "1");
        put2("b", "2");
        core.acknowledge();
        call(KvOp.DELETE, "b");
        assertThat(core.execute(call, 0)).isEqualTo(Outcome.DONE);
        var effects = core.context.effects;
        core.reader.wrap(effects.bytes(), 0, effects.length());
        assertThat(core.reader.next()).isTrue();
        assertThatThrownBy(() -> core.engine.apply(core.reader, core.nextLsn()))
                .isInstanceOf(BugException.class);
    }

    @Test
    void droppedCollectionIsFreedInSlices() {
        for (int i = 0; i < 3_000; i++) {
            put("key" + i, Model.bytes("v"), i % 3 == 0 ? core.nowMillis + 10 : 0);
        }
        core.acknowledgeAll();
        put("key1", "pending");
        core.engine.drop(KvCore.COLLECTION);
        core.acknowledge();
        int slices = 0;
        while (core.maintain(20)) {
            slices++;
        }
        assertThat(slices).isGreaterThan(5);
        assertThat(core.engine.dataBytes()).isZero();
        assertThat(core.engine.indexBytes()).isZero();
        assertThat(core.engine.nextExpiryMillis()).isEqualTo(Long.MAX_VALUE);
        core.engine.openCollection(KvCore.COLLECTION, CollectionOptions.DEFAULT);
        assertThat(get("key1", 0)).isEqualTo("absent");
    }

    @Test
    void memoryIsRefusedAtTheLimitAndComesBack() {
        governor.reserve(MemoryTag.OTHER, governor.limit() - (16L << 20));
        int accepted = 0;
        byte[] value = large(1_000, 6);
        while (true) {
            call(KvOp.PUT, "key" + accepted).setValue(value, 0, value.length);
            if (!core.write(call)) {
                break;
            }
            core.acknowledge();
            accepted++;
        }
        assertThat(accepted).isBetween(8_000, 16_000);
        assertThat(governor.used()).isLessThanOrEqualTo(governor.limit());
        assertThat(core.engine.memoryBytes()).isLessThanOrEqualTo(16L << 20);
        assertThat(get("key" + (accepted - 1), 0)).hasSize(1_000);
        for (int i = 0; i < accepted; i++) {
            call(KvOp.DELETE, "key" + i);
            assertThat(core.write(call)).as("deleting needs little").isTrue();
            core.acknowledge();
        }
        core.settle();
        while (governor.reclaimer().step()) {
            // until nothing waits
        }
        assertThat(core.engine.dataBytes()).isZero();
        put("again", Model.bytes("1"), 0);
        governor.release(MemoryTag.OTHER, governor.limit() - (16L << 20));
    }

    @Test
    void emptyScanFinishesAtOnce() {
        KvScanCall page = new KvScanCall();
        page.collection = KvCore.COLLECTION;
        assertThat(core.execute(page, 0)).isEqualTo(Outcome.DONE);
        assertThat(page.finished).isTrue();
        assertThat(page.entries).isZero();
    }

    @Test
    void scanPageStaysNearItsByteLimit() {
        for (int i = 0; i < 200; i++) {
            put("key" + i, large(10_000, i), 0);
        }
        core.acknowledgeAll();
        KvScanCall page = new KvScanCall();
        int seen = 0;
        long cursor = 0;
        do {
            page.reset();
            page.collection = KvCore.COLLECTION;
            page.withValues = true;
            page.maxBytes = 25_000;
            page.cursor = cursor;
            assertThat(core.execute(page, 0)).isEqualTo(Outcome.DONE);
            assertThat(page.pageLength).isLessThan(36_000);
            seen += page.entries;
            cursor = page.nextCursor;
        } while (!page.finished);
        assertThat(seen).isEqualTo(200);
    }

    @Test
    void callThatIsExecutedAgainForgetsItsFirstAnswer() {
        put("a", "durable");
        core.acknowledge();
        long durable = core.lastLsn;
        core.snapshots.add(durable);
        put("a", "lost");
        put("b", "lost too");
        KvScanCall page = new KvScanCall();
        page.collection = KvCore.COLLECTION;
        page.maxEntries = 1;
        assertThat(core.execute(page, 0)).isEqualTo(Outcome.DONE);
        page.maxEntries = 100;
        assertThat(core.execute(page, 0)).isEqualTo(Outcome.DONE);
        assertThat(page.entries).isEqualTo(2);
        assertThat(core.execute(page, durable)).isEqualTo(Outcome.DONE);
        assertThat(page.entries).isEqualTo(1);
        assertThat(page.finished).isTrue();
        assertThat(get("b", 0)).isEqualTo("lost too");
        assertThat(core.execute(call, durable)).isEqualTo(Outcome.DONE);
        assertThat(call.found).isFalse();
        assertThat(call.resultLength).isZero();
    }

    @Test
    void scanWithoutValuesTellsNoValue() {
        put("a", "value");
        KvScanCall page = new KvScanCall();
        page.collection = KvCore.COLLECTION;
        assertThat(core.execute(page, 0)).isEqualTo(Outcome.DONE);
        assertThat(page.pageLength).isEqualTo(16 + 1);
        assertThat(core.context.dependsOn).isEqualTo(1);
    }
}
