package io.nodedb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ids.Lsn;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
import io.nodedb.plan.kv.KvScanCall;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.Effects;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * What a core relies on, whichever engine it owns. To hold an engine to it: a test class in the
 * engine's module that extends this one and makes the engine.
 */
public abstract class EngineContract {
    private static final int COLLECTION = 20;
    private static final long START_MILLIS = 1_767_225_600_000L;

    private final MemoryGovernor governor = new MemoryGovernor(256L << 20);
    private final Set<Long> snapshots = new HashSet<>();
    private final ContractContext context = new ContractContext();
    private final EffectReader reader = new EffectReader();
    private Engine engine;
    private long nextBatch = 1;
    private long lsn = Lsn.ofMillis(START_MILLIS);

    /** An applied batch that has not been stamped. */
    private record Pending(long batch, List<Long> handles) {}

    /** An empty engine. */
    protected abstract Engine create(EngineEnvironment environment);

    @BeforeEach
    final void open() {
        engine = fresh();
        engine.opened(START_MILLIS);
        context.nowMillis = START_MILLIS;
    }

    @AfterEach
    final void closeAndFindAllMemoryGivenBack() {
        engine.close();
        while (governor.reclaimer().step()) {
            // one arena after the other
        }
        assertThat(governor.used()).as("bytes still reserved after close").isZero();
    }

    private Engine fresh() {
        Engine made =
                create(
                        new EngineEnvironment(
                                3,
                                governor,
                                (from, to) ->
                                        snapshots.stream().anyMatch(s -> s >= from && s < to)));
        made.openCollection(COLLECTION, CollectionOptions.DEFAULT);
        return made;
    }

    // ---- what a core does

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private KvCall call(KvOp op, String key) {
        KvCall call = new KvCall();
        call.op = op;
        call.collection = COLLECTION;
        call.setKey(bytes(key), 0, bytes(key).length);
        return call;
    }

    private KvCall put(String key, String value) {
        KvCall call = call(KvOp.PUT, key);
        call.setValue(bytes(value), 0, bytes(value).length);
        return call;
    }

    private int execute(io.nodedb.plan.Call call, long readLsn) {
        context.effects.reset();
        context.dependsOn = 0;
        context.readLsn = readLsn;
        return engine.execute(call, context);
    }

    /** Applies what was decided last, as a pending batch. */
    private Pending apply() {
        long batch = nextBatch++;
        List<Long> handles = new ArrayList<>();
        reader.wrap(context.effects.bytes(), 0, context.effects.length());
        while (reader.next()) {
            handles.add(engine.apply(reader, -batch));
        }
        return new Pending(batch, handles);
    }

    private long stamp(Pending pending) {
        lsn++;
        for (long handle : pending.handles) {
            if (handle != 0) {
                engine.stamp(COLLECTION, handle, lsn);
            }
        }
        return lsn;
    }

    private Pending write(KvCall call) {
        assertThat(execute(call, 0)).isEqualTo(Outcome.DONE);
        assertThat(engine.reserve(context.effects.count(), context.effects.length())).isTrue();
        return apply();
    }

    /** Writes and commits. @return the commit's LSN */
    private long commit(KvCall call) {
        return stamp(write(call));
    }

    private @Nullable String get(String key, long readLsn) {
        KvCall call = call(KvOp.GET, key);
        assertThat(execute(call, readLsn)).isEqualTo(Outcome.DONE);
        return call.found
                ? new String(call.result, 0, call.resultLength, StandardCharsets.UTF_8)
                : null;
    }

    private long newestStamp(String key) {
        byte[] of = bytes(key);
        return engine.newestStamp(COLLECTION, of, 0, of.length, KeyHash.of(of));
    }

    // ---- writes

    @Test
    void executingDecidesAndChangesNothing() {
        assertThat(execute(put("a", "1"), 0)).isEqualTo(Outcome.DONE);
        assertThat(context.effects.count()).isEqualTo(1);
        assertThat(get("a", 0)).isNull();
        assertThat(newestStamp("a")).isZero();
        assertThat(engine.checkpointNeeded()).isFalse();
    }

    @Test
    void touchingChangesNothing() {
        touch(get("a"));
        long lsn = commit(put("a", "1"));
        Pending pending = write(put("b", "2"));
        KvCall unknown = get("a");
        unknown.collection = COLLECTION + 1;
        touch(unknown);
        touch(get("a"));
        touch(put("b", "3"));
        assertThat(get("a", lsn)).isEqualTo("1");
        assertThat(newestStamp("b")).isEqualTo(-pending.batch);
        stamp(pending);
        assertThat(get("b", 0)).isEqualTo("2");
    }

    private KvCall get(String key) {
        return call(KvOp.GET, key);
    }

    private void touch(KvCall call) {
        for (int round = 0; round < Engine.TOUCH_ROUNDS; round++) {
            engine.touch(call, round);
        }
    }

    @Test
    void pendingVersionIsTheNewestAndIsNamed() {
        Pending pending = write(put("a", "1"));
        assertThat(get("a", 0)).isEqualTo("1");
        assertThat(context.dependsOn).isEqualTo(pending.batch);
        assertThat(newestStamp("a")).isEqualTo(-pending.batch);
        stamp(pending);
        assertThat(get("a", 0)).isEqualTo("1");
        assertThat(context.dependsOn).isZero();
        assertThat(newestStamp("a")).isEqualTo(lsn);
    }

    @Test
    void pendingDeletionIsNamedToo() {
        commit(put("a", "1"));
        Pending pending = write(call(KvOp.DELETE, "a"));
        assertThat(get("a", 0)).isNull();
        assertThat(context.dependsOn).isEqualTo(pending.batch);
        stamp(pending);
    }

    @Test
    void snapshotsSkipPendingVersions() {
        long first = commit(put("a", "1"));
        snapshots.add(first);
        Pending pending = write(put("a", "2"));
        assertThat(get("a", first)).isEqualTo("1");
        assertThat(context.dependsOn).isZero();
        stamp(pending);
    }

    @Test
    void registeredSnapshotSeesWhatWasCommittedAtIt() {
        long first = commit(put("a", "1"));
        snapshots.add(first);
        long second = commit(put("a", "2"));
        snapshots.add(second);
        commit(call(KvOp.DELETE, "a"));
        commit(put("b", "x"));
        assertThat(get("a", first)).isEqualTo("1");
        assertThat(get("a", second)).isEqualTo("2");
        assertThat(get("a", lsn)).isNull();
        assertThat(get("b", second)).isNull();
        assertThat(get("a", 0)).isNull();
    }

    @Test
    void severalPendingVersionsOfAKeyAreStampedInTheOrderOfTheLog() {
        List<Pending> pending = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            pending.add(write(put("a", "v" + i)));
        }
        snapshots.add(lsn + 2);
        for (Pending batch : pending) {
            stamp(batch);
        }
        assertThat(get("a", 0)).isEqualTo("v4");
        assertThat(get("a", lsn - 3)).isEqualTo("v1");
    }

    @Test
    void pendingVersionsAreTakenBackNewestFirst() {
        long committed = commit(put("k", "one"));
        Pending second = write(put("k", "two"));
        Pending third = write(call(KvOp.DELETE, "k"));
        Pending fresh = write(put("fresh", "x"));
        undo(fresh);
        undo(third);
        assertThat(get("k", 0)).isEqualTo("two");
        undo(second);
        assertThat(get("k", 0)).isEqualTo("one");
        assertThat(get("fresh", 0)).isNull();
        assertThat(newestStamp("k")).isEqualTo(committed);
        assertThat(newestStamp("fresh")).isZero();
        assertThat(engine.count(COLLECTION)).isEqualTo(1);
        engine.undo(COLLECTION, 0);
        commit(put("k", "three"));
        assertThat(get("k", 0)).isEqualTo("three");
    }

    private void undo(Pending pending) {
        for (long handle : pending.handles().reversed()) {
            engine.undo(COLLECTION, handle);
        }
    }

    @Test
    void committedEffectsAreAppliedAtTheirLsn() {
        execute(put("a", "1"), 0);
        reader.wrap(context.effects.bytes(), 0, context.effects.length());
        assertThat(reader.next()).isTrue();
        engine.apply(reader, ++lsn);
        assertThat(get("a", lsn)).isEqualTo("1");
        assertThat(newestStamp("a")).isEqualTo(lsn);
    }

    @Test
    void applyingCommittedEffectsAgainChangesNothing() {
        execute(put("a", "1"), 0);
        byte[] first = Arrays.copyOf(context.effects.bytes(), context.effects.length());
        long firstLsn = ++lsn;
        replay(first, firstLsn);
        commit(put("a", "2"));
        replay(first, firstLsn);
        assertThat(get("a", 0)).isEqualTo("2");
        assertThat(engine.count(COLLECTION)).isEqualTo(1);
    }

    @Test
    void lastOfTheEffectsThatOneCommitHasOnAKeyLasts() {
        execute(put("a", "1"), 0);
        byte[] first = Arrays.copyOf(context.effects.bytes(), context.effects.length());
        execute(put("a", "2"), 0);
        byte[] second = Arrays.copyOf(context.effects.bytes(), context.effects.length());
        long atLsn = ++lsn;
        replay(first, atLsn);
        replay(second, atLsn);
        assertThat(get("a", 0)).isEqualTo("2");
        assertThat(get("a", atLsn)).isEqualTo("2");
        assertThat(engine.count(COLLECTION)).isEqualTo(1);
    }

    private void replay(byte[] effects, long atLsn) {
        EffectReader replayed = new EffectReader().wrap(effects, 0, effects.length);
        while (replayed.next()) {
            engine.apply(replayed, atLsn);
        }
    }

    @Test
    void reserveRefusesWhatTheGovernorHasNoRoomForAndNeverDeletions() {
        assertThat(engine.reserve(1, 1L << 30)).isFalse();
        assertThat(engine.reserve(1, 0)).isTrue();
        assertThat(engine.reserve(1, 100)).isTrue();
    }

    @Test
    void feedsCarryThePriorValue() {
        commit(put("a", "1"));
        engine.openCollection(COLLECTION, new CollectionOptions(true));
        execute(put("a", "2"), 0);
        assertPrior("1");
        execute(call(KvOp.DELETE, "a"), 0);
        assertPrior("1");
        execute(put("b", "1"), 0);
        assertPrior(null);
    }

    private void assertPrior(@Nullable String prior) {
        reader.wrap(context.effects.bytes(), 0, context.effects.length());
        assertThat(reader.next()).isTrue();
        assertThat(reader.hasPrior()).isTrue();
        assertThat(reader.priorExisted()).isEqualTo(prior != null);
        if (prior != null) {
            int at = reader.priorOffset();
            assertThat(Arrays.copyOfRange(reader.buffer(), at, at + reader.priorLength()))
                    .isEqualTo(bytes(prior));
        }
    }

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
        assertThat(context.dependsOn).isEqualTo(pending.batch);
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

    // ---- collections

    @Test
    void unknownCollectionIsNotFound() {
        KvCall call = put("a", "1");
        call.collection = COLLECTION + 1;
        assertThat(execute(call, 0)).isEqualTo(ErrorCode.NOT_FOUND.number());
    }

    @Test
    void effectsAndEntriesOfUnknownCollectionsArePassedOver() {
        Effects effects = new Effects(64);
        byte[] key = bytes("a");
        effects.put(1, COLLECTION + 1, 0, key, 0, key.length, key, 0, key.length, 0);
        reader.wrap(effects.bytes(), 0, effects.length());
        assertThat(reader.next()).isTrue();
        engine.apply(reader, ++lsn);
        engine.load(reader, lsn);
        engine.openCollection(COLLECTION + 1, CollectionOptions.DEFAULT);
        assertThat(engine.count(COLLECTION + 1)).isZero();
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
            for (long handle : apply().handles) {
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
            for (long handle : apply().handles) {
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

    @Test
    void countTellsLiveKeys() {
        commit(put("a", "1"));
        commit(put("a", "2"));
        commit(put("b", "1"));
        commit(call(KvOp.DELETE, "b"));
        assertThat(engine.count(COLLECTION)).isEqualTo(1);
    }
}
