package io.nodedb.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ids.Lsn;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvOp;
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
 * engine's module that extends this one, or {@link KeyValueEngineContract}, and makes the engine.
 */
public abstract class EngineContract {
    static final int COLLECTION = 20;
    static final long START_MILLIS = 1_767_225_600_000L;

    final MemoryGovernor governor = new MemoryGovernor(256L << 20);
    final Set<Long> snapshots = new HashSet<>();
    final ContractContext context = new ContractContext();
    final EffectReader reader = new EffectReader();
    Engine engine;
    private long nextBatch = 1;
    long lsn = Lsn.ofMillis(START_MILLIS);

    /** An applied batch that has not been stamped. */
    record Pending(long batch, List<Long> handles) {}

    /** An empty engine. */
    protected abstract Engine create(EngineEnvironment environment);

    /** Closes what {@link #create} has made around engines. */
    protected void closeSurroundings() {}

    @BeforeEach
    final void open() {
        engine = fresh();
        engine.opened(START_MILLIS);
        context.nowMillis = START_MILLIS;
    }

    @AfterEach
    final void closeAndFindAllMemoryGivenBack() {
        engine.close();
        closeSurroundings();
        while (governor.reclaimer().step()) {
            // one arena after the other
        }
        assertThat(governor.used()).as("bytes still reserved after close").isZero();
    }

    Engine fresh() {
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

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    KvCall call(KvOp op, String key) {
        KvCall call = new KvCall();
        call.op = op;
        call.collection = COLLECTION;
        call.setKey(bytes(key), 0, bytes(key).length);
        return call;
    }

    KvCall put(String key, String value) {
        KvCall call = call(KvOp.PUT, key);
        call.setValue(bytes(value), 0, bytes(value).length);
        return call;
    }

    int execute(io.nodedb.plan.Call call, long readLsn) {
        context.effects.reset();
        context.dependsOn = 0;
        context.readLsn = readLsn;
        int outcome = engine.execute(call, context);
        while (outcome == Outcome.WAIT_FOR_READ) {
            outcome = engine.execute(call, context);
        }
        context.endOfCall();
        return outcome;
    }

    /** Applies what was decided last, as a pending batch. */
    Pending apply() {
        long batch = nextBatch++;
        List<Long> handles = new ArrayList<>();
        reader.wrap(context.effects.bytes(), 0, context.effects.length());
        while (reader.next()) {
            handles.add(engine.apply(reader, -batch));
        }
        return new Pending(batch, handles);
    }

    long stamp(Pending pending) {
        lsn++;
        for (long handle : pending.handles) {
            if (handle != 0) {
                engine.stamp(COLLECTION, handle, lsn);
            }
        }
        return lsn;
    }

    Pending write(KvCall call) {
        assertThat(execute(call, 0)).isEqualTo(Outcome.DONE);
        assertThat(engine.reserve(context.effects.count(), context.effects.length())).isTrue();
        return apply();
    }

    /** Writes and commits. @return the commit's LSN */
    long commit(KvCall call) {
        return stamp(write(call));
    }

    @Nullable String get(String key, long readLsn) {
        KvCall call = call(KvOp.GET, key);
        assertThat(execute(call, readLsn)).isEqualTo(Outcome.DONE);
        return call.found
                ? new String(call.result, 0, call.resultLength, StandardCharsets.UTF_8)
                : null;
    }

    long newestStamp(String key) {
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

    void undo(Pending pending) {
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
    }

    void replay(byte[] effects, long atLsn) {
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

    // ---- collections

    @Test
    void unknownCollectionIsNotFound() {
        KvCall call = put("a", "1");
        call.collection = COLLECTION + 1;
        assertThat(execute(call, 0)).isEqualTo(ErrorCode.NOT_FOUND.number());
    }

    @Test
    void effectsOfUnknownCollectionsArePassedOver() {
        Effects effects = new Effects(64);
        byte[] key = bytes("a");
        effects.put(1, COLLECTION + 1, 0, key, 0, key.length, key, 0, key.length, 0);
        reader.wrap(effects.bytes(), 0, effects.length());
        assertThat(reader.next()).isTrue();
        engine.apply(reader, ++lsn);
        engine.openCollection(COLLECTION + 1, CollectionOptions.DEFAULT);
        assertThat(engine.count(COLLECTION + 1)).isZero();
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
