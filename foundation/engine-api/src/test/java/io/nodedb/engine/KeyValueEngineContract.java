package io.nodedb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.plan.kv.KvScanCall;
import io.nodedb.storage.wal.Effects;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * What a core relies on in an engine that holds keys in memory: they expire, are scanned by their
 * hashes, large values are sent in parts, and checkpoints hold what lasts.
 */
public abstract class KeyValueEngineContract extends EngineContract {
    // ---- expiry

    private KvCall expiring(String key, String value, long inMillis) {
        KvCall call = put(key, value);
        call.expireAtMillis = START_MILLIS + inMillis;
        return call;
    }

    @Test
    void valueIsGoneAtItsExpiryEvenBeforeItsDeletionIsLogged() {
        commit(expiring("a", "1", 1_000));
        assertThat(engine.nextExpiryMillis()).isLessThanOrEqualTo(START_MILLIS + 1_000);
        context.nowMillis = START_MILLIS + 999;
        assertThat(get("a", 0)).isEqualTo("1");
        context.nowMillis = START_MILLIS + 1_000;
        assertThat(get("a", 0)).isNull();
    }

    @Test
    void expiredKeysAreOfferedAsDeletionsUntilTheirBatchComes() {
        for (int i = 0; i < 10; i++) {
            commit(expiring("k" + i, "1", 1_000));
        }
        commit(put("stays", "1"));
        assertThat(expire(4)).as("not due").isZero();
        context.nowMillis = START_MILLIS + 1_000;
        int offered = expire(4);
        assertThat(offered).isBetween(1, 4);
        for (int round = 0; round < 100 && engine.count(COLLECTION) > 1; round++) {
            // The first offer's batch never came: its keys are offered again.
            context.nowMillis += 1_000;
            expire(4);
            stamp(apply());
        }
        assertThat(engine.count(COLLECTION)).isEqualTo(1);
        assertThat(engine.nextExpiryMillis()).isEqualTo(Long.MAX_VALUE);
        assertThat(get("stays", 0)).isEqualTo("1");
    }

    private int expire(int most) {
        context.effects.reset();
        context.readLsn = 0;
        int appended = engine.expire(context, most);
        assertThat(context.effects.count()).isEqualTo(appended);
        return appended;
    }

    // ---- scans and streams

    private Set<String> scan(long readLsn, int pageEntries) {
        Set<String> found = new HashSet<>();
        KvScanCall page = new KvScanCall();
        long cursor = 0;
        do {
            page.reset();
            page.collection = COLLECTION;
            page.cursor = cursor;
            page.maxEntries = pageEntries;
            context.quantum = 1;
            int outcome = execute(page, readLsn);
            while (outcome == Outcome.YIELD) {
                context.quantum = 1;
                outcome = execute(page, readLsn);
            }
            assertThat(outcome).isEqualTo(Outcome.DONE);
            int at = 0;
            for (int i = 0; i < page.entries; i++) {
                int keyLength =
                        java.nio.ByteBuffer.wrap(page.page)
                                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                                .getInt(at);
                String key = new String(page.page, at + 16, keyLength, StandardCharsets.UTF_8);
                assertThat(found.add(key)).as("a stable key comes once").isTrue();
                at += 16 + keyLength;
            }
            cursor = page.nextCursor;
        } while (!page.finished);
        context.quantum = Integer.MAX_VALUE;
        return found;
    }

    @Test
    void scanInPagesAndQuantaFindsEveryStableKeyOnce() {
        Set<String> keys = new HashSet<>();
        for (int i = 0; i < 500; i++) {
            commit(put("k" + i, "v"));
            keys.add("k" + i);
        }
        long snapshot = lsn;
        snapshots.add(snapshot);
        assertThat(scan(0, 7)).isEqualTo(keys);
        for (int i = 0; i < 500; i += 2) {
            commit(call(KvOp.DELETE, "k" + i));
        }
        assertThat(scan(snapshot, 50)).isEqualTo(keys);
        assertThat(scan(0, 50)).hasSize(250);
    }

    @Test
    void scanNamesThePendingVersionsThatItSaw() {
        commit(put("a", "1"));
        Pending pending = write(put("b", "1"));
        KvScanCall page = new KvScanCall();
        page.collection = COLLECTION;
        assertThat(execute(page, 0)).isEqualTo(Outcome.DONE);
        assertThat(page.entries).isEqualTo(2);
        assertThat(context.dependsOn).isEqualTo(pending.batch());
        stamp(pending);
    }

    @Test
    void largeValueIsStreamedUnderCreditAndStaysWholeWhateverIsWritten() {
        String large = "abcdefghij".repeat(5_000);
        Pending pending = write(put("a", large));
        KvCall read = call(KvOp.GET, "a");
        assertThat(execute(read, 0)).as("not durable").isEqualTo(Outcome.WAIT_FOR_CREDIT);
        assertThat(context.sent.size()).isZero();
        stamp(pending);
        context.credit = 2;
        int outcome = execute(read, 0);
        while (outcome == Outcome.WAIT_FOR_CREDIT || outcome == Outcome.YIELD) {
            context.credit = 1;
            outcome = execute(read, 0);
        }
        assertThat(outcome).isEqualTo(Outcome.DONE);
        assertThat(read.resultLength).isEqualTo(large.length());
        assertThat(context.sent.toString(StandardCharsets.UTF_8)).isEqualTo(large);
    }

    // ---- checkpoints

    /** Entries of a checkpoint: operations and their LSNs. */
    private final class Entries implements CheckpointSink {
        private final Effects block = new Effects(256);
        final List<byte[]> operations = new ArrayList<>();
        final List<Long> lsns = new ArrayList<>();
        int room;

        @Override
        public boolean full() {
            return room == 0;
        }

        @Override
        public Effects block() {
            return block;
        }

        @Override
        public void entryAdded(long lsnOfEntry) {
            assertThat(block.count()).as("an entry is one operation").isEqualTo(1);
            assertThat(lsnOfEntry).as("committed versions only").isBetween(1L, lsn);
            operations.add(Arrays.copyOf(block.bytes(), block.length()));
            lsns.add(lsnOfEntry);
            block.reset();
            room--;
        }

        void loadInto(Engine target) {
            for (int i = 0; i < operations.size(); i++) {
                byte[] operation = operations.get(i);
                reader.wrap(operation, 0, operation.length);
                assertThat(reader.next()).isTrue();
                target.load(reader, lsns.get(i));
            }
        }
    }

    private Entries emit(CheckpointCursor cursor) {
        Entries entries = new Entries();
        boolean done;
        int slices = 0;
        do {
            entries.room = 10;
            context.quantum = 5;
            context.effects.reset();
            done = cursor.step(entries, context);
            assertThat(slices++).as("slices until all is emitted").isLessThan(100_000);
        } while (!done);
        context.quantum = Integer.MAX_VALUE;
        return entries;
    }

    /** Goes on with a new engine that holds these checkpoints. */
    private void reopen(Entries... checkpoints) {
        engine.close();
        engine = fresh();
        for (Entries entries : checkpoints) {
            entries.loadInto(engine);
        }
        engine.opened(context.nowMillis);
    }

    @Test
    void checkpointHoldsEverythingCommittedAndLoadsToTheSame() {
        for (int i = 0; i < 300; i++) {
            commit(put("k" + i, "v" + i));
        }
        commit(call(KvOp.DELETE, "k7"));
        commit(expiring("soon", "x", 5_000));
        Pending pending = write(put("k1", "pending"));
        CheckpointCursor cursor = engine.beginCheckpoint(true);
        Entries entries = emit(cursor);
        cursor.published();
        stamp(pending);
        reopen(entries);
        assertThat(engine.count(COLLECTION)).isEqualTo(300);
        assertThat(get("k1", 0)).as("pending when it began").isIn("v1", "pending");
        assertThat(get("k7", 0)).isNull();
        assertThat(get("k299", 0)).isEqualTo("v299");
        assertThat(engine.nextExpiryMillis()).isLessThanOrEqualTo(START_MILLIS + 5_000);
    }

    @Test
    void incrementalCheckpointsAddUp() {
        for (int i = 0; i < 300; i++) {
            commit(put("k" + i, "v" + i));
        }
        CheckpointCursor full = engine.beginCheckpoint(true);
        Entries base = emit(full);
        full.published();
        assertThat(engine.checkpointNeeded()).isFalse();
        commit(put("k5", "new"));
        commit(call(KvOp.DELETE, "k6"));
        Pending pending = write(put("k8", "later"));
        assertThat(engine.checkpointNeeded()).isTrue();
        CheckpointCursor changes = engine.beginCheckpoint(false);
        Entries delta = emit(changes);
        changes.published();
        assertThat(delta.lsns.size()).as("it follows the change").isLessThan(150);
        stamp(pending);
        assertThat(engine.checkpointNeeded()).as("what was pending is left").isTrue();
        CheckpointCursor last = engine.beginCheckpoint(false);
        Entries rest = emit(last);
        last.published();
        reopen(base, delta, rest);
        assertThat(get("k5", 0)).isEqualTo("new");
        assertThat(get("k6", 0)).isNull();
        assertThat(get("k8", 0)).isEqualTo("later");
        assertThat(engine.count(COLLECTION)).isEqualTo(299);
    }

    @Test
    void changesOfAnAbandonedCheckpointAreInTheNext() {
        commit(put("a", "1"));
        CheckpointCursor base = engine.beginCheckpoint(true);
        Entries entries = emit(base);
        base.published();
        commit(put("b", "2"));
        CheckpointCursor failed = engine.beginCheckpoint(false);
        emit(failed);
        failed.abandoned();
        assertThat(engine.checkpointNeeded()).isTrue();
        CheckpointCursor again = engine.beginCheckpoint(false);
        Entries delta = emit(again);
        again.published();
        reopen(entries, delta);
        assertThat(get("a", 0)).isEqualTo("1");
        assertThat(get("b", 0)).isEqualTo("2");
    }

    @Test
    void writesGoOnBetweenTheSlicesOfACheckpointAndAreInTheNextAtTheLatest() {
        for (int i = 0; i < 200; i++) {
            commit(put("k" + i, "old"));
        }
        CheckpointCursor cursor = engine.beginCheckpoint(true);
        Entries first = new Entries();
        boolean done = false;
        for (int i = 0; !done; i++) {
            first.room = 3;
            context.quantum = 1;
            done = cursor.step(first, context);
            context.quantum = Integer.MAX_VALUE;
            commit(put("k" + i * 7 % 200, "new" + i));
            commit(call(KvOp.DELETE, "k" + (i * 11 + 5) % 200));
            commit(put("n" + i, "new"));
        }
        cursor.published();
        CheckpointCursor next = engine.beginCheckpoint(false);
        Entries second = emit(next);
        next.published();
        Set<String> expected = new HashSet<>();
        for (String key : scan(0, 64)) {
            expected.add(key + "=" + get(key, 0));
        }
        reopen(first, second);
        Set<String> loaded = new HashSet<>();
        for (String key : scan(0, 64)) {
            loaded.add(key + "=" + get(key, 0));
        }
        assertThat(loaded).isEqualTo(expected);
    }

    @Test
    void entryWithTheHigherLsnWinsWhateverTheOrder() {
        commit(put("a", "old"));
        Entries old = emitAll();
        commit(put("a", "new"));
        Entries newer = emitAll();
        reopen(newer, old);
        assertThat(get("a", 0)).isEqualTo("new");
        reopen(old, newer);
        assertThat(get("a", 0)).isEqualTo("new");
    }

    private Entries emitAll() {
        CheckpointCursor cursor = engine.beginCheckpoint(true);
        Entries entries = emit(cursor);
        cursor.published();
        return entries;
    }

    @Test
    void replayOverACheckpointThatHoldsSomeOfItAlreadyChangesNothing() {
        execute(put("a", "1"), 0);
        byte[] first = Arrays.copyOf(context.effects.bytes(), context.effects.length());
        long firstLsn = stamp(apply());
        execute(put("a", "2"), 0);
        byte[] second = Arrays.copyOf(context.effects.bytes(), context.effects.length());
        long secondLsn = stamp(apply());
        Entries entries = emitAll();
        engine.close();
        engine = fresh();
        entries.loadInto(engine);
        replay(first, firstLsn);
        replay(second, secondLsn);
        engine.opened(START_MILLIS);
        assertThat(get("a", 0)).isEqualTo("2");
        assertThat(newestStamp("a")).isEqualTo(secondLsn);
    }

    @Test
    void whatWasReplayedIsPartOfTheNextCheckpoint() {
        execute(put("a", "1"), 0);
        byte[] logged = Arrays.copyOf(context.effects.bytes(), context.effects.length());
        engine.close();
        engine = fresh();
        replay(logged, ++lsn);
        engine.opened(START_MILLIS);
        assertThat(engine.checkpointNeeded()).isTrue();
        CheckpointCursor cursor = engine.beginCheckpoint(false);
        Entries delta = emit(cursor);
        cursor.published();
        assertThat(delta.lsns).containsExactly(lsn);
    }

    @Test
    void entriesOfUnknownCollectionsArePassedOver() {
        Effects effects = new Effects(64);
        byte[] key = bytes("a");
        effects.put(1, COLLECTION + 1, 0, key, 0, key.length, key, 0, key.length, 0);
        reader.wrap(effects.bytes(), 0, effects.length());
        assertThat(reader.next()).isTrue();
        engine.load(reader, lsn);
        engine.openCollection(COLLECTION + 1, CollectionOptions.DEFAULT);
        assertThat(engine.count(COLLECTION + 1)).isZero();
    }

    @Test
    void keyThatOneCommitWritesTwiceIsCountedOnce() {
        execute(put("a", "1"), 0);
        byte[] first = Arrays.copyOf(context.effects.bytes(), context.effects.length());
        execute(put("a", "2"), 0);
        byte[] second = Arrays.copyOf(context.effects.bytes(), context.effects.length());
        replay(first, ++lsn);
        replay(second, lsn);
        assertThat(engine.count(COLLECTION)).isEqualTo(1);
    }

    @Test
    void droppedCollectionIsForgottenAndItsMemoryServesOthers() {
        fill(COLLECTION + 1);
        commit(put("a", "1"));
        long full = engine.memoryBytes();
        assertThat(full).isGreaterThan(3_000_000);
        engine.drop(COLLECTION + 1);
        assertThat(engine.count(COLLECTION + 1)).isZero();
        for (int slice = 0; engine.maintain(context); slice++) {
            assertThat(slice).isLessThan(100_000);
        }
        fill(COLLECTION + 2);
        assertThat(engine.memoryBytes()).isLessThanOrEqualTo(full + full / 4);
        assertThat(get("a", 0)).isEqualTo("1");
    }

    private void fill(int collection) {
        engine.openCollection(collection, CollectionOptions.DEFAULT);
        for (int i = 0; i < 3_000; i++) {
            KvCall call = put("k" + i, "x".repeat(1_000));
            call.collection = collection;
            assertThat(execute(call, 0)).isEqualTo(Outcome.DONE);
            lsn++;
            for (long handle : apply().handles()) {
                engine.stamp(collection, handle, lsn);
            }
        }
    }

    @Test
    void checkpointGoesOnWhenACollectionIsDroppedInItsMiddle() {
        engine.openCollection(COLLECTION + 1, CollectionOptions.DEFAULT);
        for (int i = 0; i < 100; i++) {
            KvCall call = put("k" + i, "v");
            call.collection = COLLECTION + 1;
            execute(call, 0);
            for (long handle : apply().handles()) {
                engine.stamp(COLLECTION + 1, handle, ++lsn);
            }
            commit(put("k" + i, "v"));
        }
        CheckpointCursor cursor = engine.beginCheckpoint(true);
        Entries entries = new Entries();
        entries.room = 3;
        context.quantum = 1;
        cursor.step(entries, context);
        context.quantum = Integer.MAX_VALUE;
        engine.drop(COLLECTION + 1);
        boolean done = false;
        while (!done) {
            entries.room = 100;
            done = cursor.step(entries, context);
        }
        cursor.published();
        reopen(entries);
        assertThat(engine.count(COLLECTION)).isEqualTo(100);
    }
}
