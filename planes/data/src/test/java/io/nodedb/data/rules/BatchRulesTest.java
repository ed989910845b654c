package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.bridge.lane.Priority;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.data.probe.Faults.Phase;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandBatchCall;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.PlacedCommand;
import io.nodedb.plan.kv.command.WatchCall;
import io.nodedb.plan.kv.command.WatchedKey;
import io.nodedb.storage.feed.EventRingReader;
import io.nodedb.storage.feed.EventSlot;
import io.nodedb.storage.wal.CommitRequest;
import io.nodedb.storage.wal.EffectReader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Batches of commands: all or nothing, one after another, and seen by nobody half done. */
class BatchRulesTest {
    private final CoreHarness db = new CoreHarness(new HarnessOptions().cores(2).partitions(4));

    /** One of each partition; the even ones belong to the first core. */
    private final String[] keys = keysOf(db, 4);

    private static String[] keysOf(CoreHarness db, int partitions) {
        String[] keys = new String[partitions];
        for (int found = 0, i = 0; found < partitions; i++) {
            String key = "k" + i;
            if (keys[db.partitionOf(key)] == null) {
                keys[db.partitionOf(key)] = key;
                found++;
            }
        }
        return keys;
    }

    private static CommandBatchCall batch(PlacedCommand... commands) {
        CommandBatchCall call = new CommandBatchCall();
        call.commands = List.of(commands);
        return call;
    }

    private static CommandBatchCall watching(List<WatchedKey> watches, PlacedCommand... commands) {
        CommandBatchCall call = batch(commands);
        call.watches = watches;
        return call;
    }

    private PlacedCommand set(String key, String value) {
        return db.command(Command.SET, key, value);
    }

    private PlacedCommand get(String key) {
        return db.command(Command.GET, key);
    }

    private PlacedCommand incrby(String key, int by) {
        return db.command(Command.INCRBY, key, Integer.toString(by));
    }

    private Reply send(CommandBatchCall call) {
        return db.batch(
                call.commands.isEmpty()
                        ? call.watches.getFirst().partition()
                        : call.commands.getFirst().partition(),
                call);
    }

    private Reply done(CommandBatchCall call) {
        Reply reply = send(call);
        db.settle();
        return reply.ok();
    }

    private WatchedKey watch(String key) {
        WatchCall call = new WatchCall();
        call.watch(CoreHarness.COLLECTION, CoreHarness.bytes(key));
        Reply reply = db.send(db.partitionOf(key), call, request -> {});
        db.settle();
        return call.watched(db.partitionOf(key), reply.ok().watermarkLsn);
    }

    private Reply prepare(long txnId, CommandBatchCall call) {
        call.txnId = txnId;
        call.prepareOnly = true;
        return done(call);
    }

    private static CommitRequest commit(long txnId, CommandBatchCall... parts) {
        CommitRequest decision = new CommitRequest().commit(txnId, 0, 0, 0);
        for (CommandBatchCall part : parts) {
            part.eachPartition(decision::partition);
        }
        return decision;
    }

    private static String text(PlacedCommand placed) {
        CommandCall call = placed.call();
        byte[] bytes = Arrays.copyOf(call.reply.bytes(), call.reply.length());
        return switch (bytes[0]) {
            case io.nodedb.plan.kv.command.Reply.INTEGER ->
                    Long.toString(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).getLong(1));
            case io.nodedb.plan.kv.command.Reply.NULL -> "nil";
            default -> new String(bytes, 5, bytes.length - 5, StandardCharsets.UTF_8);
        };
    }

    static long number(PlacedCommand placed) {
        return Long.parseLong(text(placed));
    }

    private static Throwable boom() {
        return new IllegalStateException("boom");
    }

    private void assertRestartShowsTheSame() {
        var before = db.content();
        for (int cores : new int[] {1, 3}) {
            db.crash();
            db.open(cores);
            assertThat(db.content()).isEqualTo(before);
        }
    }

    private void assertFree(String key) {
        Reply free = db.put(key, "free");
        db.settle();
        free.ok();
        assertThat(db.read(key)).isEqualTo("free");
    }

    // ---- one core

    @Test
    void everyCommandSeesThoseBeforeItAndAllGetOneLsn() {
        CommandBatchCall call =
                batch(
                        set(keys[0], "5"),
                        incrby(keys[0], 2),
                        get(keys[0]),
                        incrby(keys[2], 1),
                        db.command(Command.DEL, keys[0]),
                        get(keys[0]));
        long before = db.writer.progress().durableLsn();
        Reply reply = done(call);
        assertThat(call.commands.stream().map(BatchRulesTest::text))
                .containsExactly("OK", "7", "7", "1", "1", "nil");
        assertThat(reply.watermarkLsn).isGreaterThan(before);
        assertThat(db.read(keys[0])).isNull();
        assertThat(db.read(keys[2])).isEqualTo("1");
        assertThat(db.pendingVersions()).isZero();
        assertRestartShowsTheSame();
    }

    @Test
    void repliesAreHeldUntilTheBatchIsDurable() {
        Reply reply = send(batch(set(keys[0], "1"), get(keys[0])));
        Reply reader = db.get(keys[0]);
        db.coreStep();
        db.poll();
        assertThat(reply.done).isFalse();
        assertThat(reader.done).as("it has seen what may still vanish").isFalse();
        db.settle();
        reply.ok();
        assertThat(reader.ok().text()).isEqualTo("1");
    }

    @Test
    void clientsMistakeIsThatCommandsReplyAndTheOthersGoOn() {
        CommandBatchCall call = batch(set(keys[0], "x"), incrby(keys[0], 1), set(keys[2], "y"));
        done(call);
        assertThat(text(call.commands.get(1))).startsWith("ERR value is not an integer");
        assertThat(db.read(keys[0])).isEqualTo("x");
        assertThat(db.read(keys[2])).isEqualTo("y");
    }

    @Test
    void batchWithAnotherReplyThanExpectedIsNotMade() {
        done(batch(set(keys[0], "5")));
        PlacedCommand get = get(keys[0]);
        get.call().expected = new io.nodedb.plan.kv.command.Reply();
        get.call().expected.bulk("4");
        CommandBatchCall call = batch(set(keys[2], "y"), get, set(keys[0], "x"));
        done(call);
        assertThat(call.watchChanged).isTrue();
        assertThat(db.read(keys[0])).isEqualTo("5");
        assertThat(db.read(keys[2])).isNull();
        get.call().expected.clear();
        get.call().expected.bulk("5");
        done(call);
        assertThat(call.watchChanged).isFalse();
        assertThat(db.read(keys[0])).isEqualTo("x");
        assertThat(db.pendingVersions()).isZero();
        assertFree(keys[2]);
    }

    @Test
    void batchThatExpectsNoErrorIsNotMadeWithOne() {
        PlacedCommand wrong = incrby(keys[0], 1);
        wrong.call().expected = new io.nodedb.plan.kv.command.Reply();
        CommandBatchCall call = batch(set(keys[2], "y"), set(keys[0], "x"), wrong);
        prepare(7, call);
        assertThat(call.watchChanged).isTrue();
        assertFree(keys[0]);
        assertFree(keys[2]);
    }

    @Test
    void whatMemoryRefusesIsThatCommandsReplyAndTheOthersGoOn() {
        HarnessOptions options = new HarnessOptions();
        options.memoryLimit = 1 << 20;
        CoreHarness small = new CoreHarness(options);
        CommandBatchCall call =
                batch(
                        small.command(Command.SET, "a", "1"),
                        small.command(Command.SET, "b", "x".repeat(2 << 20)),
                        small.command(Command.SET, "c", "3"));
        Reply reply = small.batch(0, call);
        small.settle();
        reply.ok();
        assertThat(text(call.commands.get(1)))
                .isEqualTo("OOM command not allowed when used memory > 'maxmemory'.");
        assertThat(small.content()).containsOnlyKeys("a", "c");
    }

    @Test
    void batchThatWritesNothingIsAnsweredWithoutTheLog() {
        done(batch(set(keys[0], "1")));
        CommandBatchCall reads = batch(get(keys[0]), get(keys[2]));
        Reply reply = send(reads);
        db.coreStep();
        db.poll();
        reply.ok();
        assertThat(reads.commands.stream().map(BatchRulesTest::text)).containsExactly("1", "nil");
    }

    @Test
    void batchThatWritesNothingWaitsForWhatItHasSeen() {
        Reply write = db.put(keys[0], "1");
        Reply reply = send(batch(get(keys[0])));
        db.coreStep();
        db.poll();
        assertThat(reply.done).isFalse();
        db.settle();
        write.ok();
        reply.ok();
    }

    @Test
    void longBatchYieldsAndNobodySeesItHalfDone() {
        List<PlacedCommand> commands = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            commands.add(incrby(keys[0], 1));
            commands.add(incrby(keys[2], 1));
        }
        CommandBatchCall call = batch(commands.toArray(PlacedCommand[]::new));
        // Every command takes a whole quantum.
        db.faults.interception =
                (executed, context) -> {
                    if (executed instanceof CommandCall) {
                        db.time.advanceMillis(10);
                    }
                    return null;
                };
        Reply reply = send(call);
        db.loops.getFirst().step();
        assertThat(db.pendingVersions()).isBetween(1, 99);
        Reply read = db.get(keys[2]);
        Reply write = db.put(keys[0], "after");
        Reply other = db.put("other" + otherKeyOfFirstCore(), "free");
        for (int i = 0; i < 10; i++) {
            db.step();
        }
        assertThat(read.done).isFalse();
        assertThat(write.done).isFalse();
        assertThat(other.ok().error).as("other keys are free meanwhile").isNull();
        assertThat(reply.done).isFalse();
        db.settle();
        reply.ok();
        assertThat(read.ok().text()).isEqualTo("50");
        write.ok();
        assertThat(text(call.commands.get(99))).isEqualTo("50");
        assertThat(db.read(keys[0])).isEqualTo("after");
        assertRestartShowsTheSame();
    }

    private int otherKeyOfFirstCore() {
        int i = 0;
        while (db.partitionOf("other" + i) % 2 != 0) {
            i++;
        }
        return i;
    }

    @Test
    void heartbeatsGoOnDuringALongBatch() {
        PlacedCommand[] commands = new PlacedCommand[200];
        Arrays.setAll(commands, i -> incrby(keys[0], 1));
        db.faults.interception =
                (executed, context) -> {
                    if (executed instanceof CommandCall) {
                        db.time.advanceMillis(50);
                    }
                    return null;
                };
        EventRingReader reader = db.rings.getFirst().reader();
        Reply reply = send(batch(commands));
        int beats = 0;
        while (!reply.done) {
            db.step();
            for (EventSlot event = reader.poll(); event != null; event = reader.poll()) {
                beats++;
                reader.release();
            }
        }
        assertThat(beats).as("in ten seconds").isGreaterThan(5);
    }

    @Test
    void deadlineBetweenTwoQuantaTakesEverythingBack() {
        done(batch(set(keys[0], "before")));
        db.faults.interception =
                (executed, context) -> {
                    if (executed instanceof CommandCall) {
                        db.time.advanceMillis(10);
                    }
                    return null;
                };
        CommandBatchCall call = batch(set(keys[0], "a"), set(keys[2], "b"), set(keys[0], "c"));
        Reply reply =
                db.send(
                        0,
                        call,
                        request -> request.deadlineNanos = db.time.nanoTime() + 15_000_000);
        db.settle();
        reply.failedWith(ErrorCode.DEADLINE_EXCEEDED);
        db.faults.interception = null;
        assertThat(db.pendingVersions()).isZero();
        assertThat(db.read(keys[0])).isEqualTo("before");
        assertThat(db.read(keys[2])).isNull();
        assertFree(keys[2]);
        assertRestartShowsTheSame();
    }

    @Test
    void engineThatYieldsInTheMiddleOfACommandGoesOnThere() {
        int[] yields = {3};
        db.faults.interception =
                (executed, context) ->
                        executed instanceof CommandCall command
                                        && command.command == Command.GET
                                        && yields[0]-- > 0
                                ? (Integer) Outcome.YIELD
                                : null;
        CommandBatchCall call = batch(set(keys[0], "1"), get(keys[0]), incrby(keys[0], 1));
        Reply reply = send(call);
        db.loops.getFirst().step();
        Reply read = db.get(keys[0]);
        db.settle();
        reply.ok();
        assertThat(read.ok().text()).isEqualTo("2");
        assertThat(call.commands.stream().map(BatchRulesTest::text))
                .containsExactly("OK", "1", "2");
    }

    @Test
    void fullRingMakesABatchWaitWithItsKeysLocked() {
        for (int i = 0; i < 4; i++) {
            db.put(keys[0], "x".repeat(60_000));
        }
        CommandBatchCall call = batch(set(keys[2], "y".repeat(60_000)), get(keys[2]));
        Reply reply = send(call);
        db.coreStep();
        db.poll();
        assertThat(reply.done).isFalse();
        db.settle();
        reply.ok();
        assertThat(text(call.commands.get(1))).hasSize(60_000);
        assertFree(keys[2]);
        assertRestartShowsTheSame();
    }

    @Test
    void batchTooLargeForOneRecordIsLoggedInParts() {
        List<PlacedCommand> commands = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            commands.add(set(keys[i % 2 * 2], i + "x".repeat(30_000)));
        }
        commands.add(get(keys[2]));
        CommandBatchCall call = batch(commands.toArray(PlacedCommand[]::new));
        Reply reply = send(call);
        db.coreStep();
        Reply read = db.get(keys[0]);
        db.coreStep();
        db.poll();
        assertThat(read.done).as("undecided").isFalse();
        db.settle();
        reply.ok();
        assertThat(read.ok().text()).startsWith("38x");
        assertThat(text(call.commands.getLast())).startsWith("39x");
        assertThat(db.pendingVersions()).isZero();
        assertFree(keys[0]);
        assertRestartShowsTheSame();
    }

    @Test
    void batchTellsItsEventsOnceAndInOrder() {
        HarnessOptions options = new HarnessOptions();
        options.feed = true;
        CoreHarness fed = new CoreHarness(options);
        Reply reply =
                fed.batch(
                        0,
                        batch(
                                fed.command(Command.SET, "a", "1"),
                                fed.command(Command.INCRBY, "a", "1"),
                                fed.command(Command.DEL, "a")));
        fed.settle();
        EventRingReader reader = fed.rings.getFirst().reader();
        EventSlot event = reader.poll();
        assertThat(event.lsn()).isEqualTo(reply.ok().watermarkLsn);
        EffectReader effects = new EffectReader().wrap(event.effects(), 0, event.length());
        List<Boolean> existed = new ArrayList<>();
        while (effects.next()) {
            existed.add(effects.priorExisted());
        }
        assertThat(existed).containsExactly(false, true, true);
        reader.release();
        assertThat(reader.poll()).isNull();
    }

    // ---- panics

    @Test
    void panicInACommandTakesThoseBeforeItBack() {
        done(batch(set(keys[0], "before")));
        db.faults.failAfter(Phase.EXECUTE, 2, 1, BatchRulesTest::boom);
        Reply reply = send(batch(set(keys[0], "a"), set(keys[2], "b"), set(keys[0], "c")));
        db.settle();
        reply.failedWith(ErrorCode.INTERNAL);
        assertThat(db.pendingVersions()).isZero();
        assertThat(db.failures.notices).as("no engine has to be rebuilt").isEmpty();
        assertThat(db.read(keys[0])).isEqualTo("before");
        assertThat(db.read(keys[2])).isNull();
        assertRestartShowsTheSame();
    }

    @Test
    void panicInApplyRebuildsThatEngineAndTakesTheOthersBack() {
        done(batch(set(keys[0], "before"), set(keys[2], "before")));
        db.faults.failAfter(Phase.APPLY, 1, 1, BatchRulesTest::boom);
        Reply reply = send(batch(set(keys[0], "a"), set(keys[2], "b")));
        db.settle();
        reply.failedWith(ErrorCode.INTERNAL);
        assertThat(db.failures.notices).hasSize(1);
        assertThat(db.pendingVersions()).isZero();
        assertThat(db.read(keys[0])).isEqualTo("before");
        assertThat(db.read(keys[2])).isEqualTo("before");
        assertRestartShowsTheSame();
    }

    @Test
    void panicInUndoRebuildsTheEngine() {
        done(batch(set(keys[0], "before"), set(keys[2], "before")));
        db.faults.failAfter(Phase.EXECUTE, 2, 1, BatchRulesTest::boom);
        db.faults.fail(Phase.UNDO, 1, BatchRulesTest::boom);
        Reply reply = send(batch(set(keys[0], "a"), set(keys[2], "b"), get(keys[0])));
        db.settle();
        reply.failedWith(ErrorCode.INTERNAL);
        assertThat(db.failures.notices).hasSize(1);
        assertThat(db.pendingVersions()).isZero();
        assertThat(db.read(keys[0])).isEqualTo("before");
        assertThat(db.read(keys[2])).isEqualTo("before");
        assertRestartShowsTheSame();
    }

    @Test
    void panicInStampRebuildsTheEngineWithTheBatch() {
        db.faults.failAfter(Phase.STAMP, 1, 1, BatchRulesTest::boom);
        Reply reply = send(batch(set(keys[0], "a"), set(keys[0], "b"), set(keys[2], "c")));
        db.settle();
        reply.ok();
        assertThat(db.read(keys[0])).isEqualTo("b");
        assertThat(db.read(keys[2])).isEqualTo("c");
        assertThat(db.pendingVersions()).isZero();
    }

    @Test
    void engineThatBreaksUnderAnUnfinishedBatchFailsIt() {
        db.faults.interception =
                (executed, context) -> {
                    if (executed instanceof CommandCall) {
                        db.time.advanceMillis(10);
                    }
                    return null;
                };
        PlacedCommand[] commands = new PlacedCommand[20];
        Arrays.setAll(commands, i -> incrby(keys[i == 0 ? 0 : 2], 1));
        Reply reply = send(batch(commands));
        db.loops.getFirst().step();
        // Another write of the first command's partition breaks the engine.
        String other = keys[0] + "-";
        for (int i = 0; db.partitionOf(other) != 0; i++) {
            other = keys[0] + "-" + i;
        }
        db.faults.fail(Phase.APPLY, 1, BatchRulesTest::boom);
        // Before the batch goes on.
        Reply breaking = db.put(other, "x", request -> request.priority = Priority.CRITICAL);
        db.settle();
        breaking.failedWith(ErrorCode.INTERNAL);
        reply.failedWith(ErrorCode.COLLECTION_RECOVERING);
        assertThat(db.read(keys[0])).isNull();
        assertThat(db.read(keys[2])).isNull();
        assertThat(db.pendingVersions()).isZero();
    }

    // ---- watches

    @Test
    void unchangedWatchLetsTheBatchThrough() {
        done(batch(set(keys[0], "1")));
        Reply reply = done(watching(List.of(watch(keys[0]), watch(keys[2])), incrby(keys[0], 1)));
        assertThat(reply.watchChanged).isFalse();
        assertThat(db.read(keys[0])).isEqualTo("2");
    }

    @Test
    void newerVersionOfAWatchedKeyStopsTheBatch() {
        WatchedKey absent = watch(keys[0]);
        done(batch(set(keys[0], "1")));
        CommandBatchCall call = watching(List.of(absent), set(keys[2], "x"));
        assertThat(done(call).watchChanged).isTrue();
        assertThat(db.read(keys[2])).isNull();
        WatchedKey same = watch(keys[0]);
        done(batch(set(keys[0], "1")));
        assertThat(done(watching(List.of(same), set(keys[2], "x"))).watchChanged)
                .as("the same value again is a change")
                .isTrue();
    }

    @Test
    void pendingVersionOfAWatchedKeyStopsTheBatchWhichWaitsForIt() {
        WatchedKey watched = watch(keys[0]);
        Reply write = db.put(keys[0], "2");
        Reply reply = send(watching(List.of(watched), set(keys[2], "x")));
        db.coreStep();
        db.poll();
        assertThat(reply.done).isFalse();
        db.settle();
        write.ok();
        assertThat(reply.ok().watchChanged).isTrue();
    }

    @Test
    void ownWriteBeforeTheWatchDoesNotStopTheBatch() {
        // Pipelined: the write is not durable yet when the key is watched.
        Reply write = db.put(keys[0], "1");
        WatchCall call = new WatchCall();
        call.watch(CoreHarness.COLLECTION, CoreHarness.bytes(keys[0]));
        Reply watched = db.send(0, call, request -> {});
        db.coreStep();
        db.poll();
        assertThat(watched.done).as("what it has seen may still vanish").isFalse();
        db.settle();
        assertThat(watched.ok().watermarkLsn).isEqualTo(write.ok().watermarkLsn);
        assertThat(call.present).isTrue();
        WatchedKey key = call.watched(0, watched.watermarkLsn);
        assertThat(done(watching(List.of(key), set(keys[2], "x"))).watchChanged).isFalse();
    }

    @Test
    void deletionOfAWatchedKeyStopsTheBatch() {
        done(batch(set(keys[0], "1")));
        WatchedKey watched = watch(keys[0]);
        done(batch(db.command(Command.DEL, keys[0])));
        assertThat(done(watching(List.of(watched), set(keys[2], "x"))).watchChanged).isTrue();
    }

    @Test
    void watchedKeyWhoseTimeHasRunOutStopsTheBatch() {
        long soon = db.time.epochMillis() + 100;
        done(batch(db.command(Command.SET, keys[0], "1", "PXAT", Long.toString(soon))));
        WatchedKey watched = watch(keys[0]);
        db.time.advanceMillis(200);
        Reply reply = send(watching(List.of(watched), set(keys[2], "x")));
        db.coreStep();
        db.settle();
        assertThat(reply.ok().watchChanged).as("as Redis 7 has it").isTrue();
        WatchedKey gone = watch(keys[0]);
        assertThat(gone.present()).isFalse();
        assertThat(done(watching(List.of(gone), set(keys[2], "x"))).watchChanged).isFalse();
    }

    @Test
    void removalOfAKeyThatHadExpiredWhenWatchedIsNoChange() {
        WatchedKey watched = watchOfExpired(keys[0]);
        db.seconds(1);
        assertThat(db.content()).doesNotContainKey(keys[0]);
        assertThat(done(watching(List.of(watched), set(keys[2], "x"))).watchChanged).isFalse();
    }

    @Test
    void keyThatHadExpiredWhenWatchedStopsTheBatchWhenItIsSetAnew() {
        WatchedKey watched = watchOfExpired(keys[0]);
        done(batch(set(keys[0], "2")));
        assertThat(done(watching(List.of(watched), set(keys[2], "x"))).watchChanged).isTrue();
    }

    @Test
    void keyThatWasAbsentWhenWatchedStopsTheBatchThoughItIsAbsentAgain() {
        WatchedKey watched = watch(keys[0]);
        done(batch(set(keys[0], "2")));
        done(batch(db.command(Command.DEL, keys[0])));
        assertThat(done(watching(List.of(watched), set(keys[2], "x"))).watchChanged).isTrue();
    }

    private WatchedKey watchOfExpired(String key) {
        long soon = db.time.epochMillis() + 100;
        done(batch(db.command(Command.SET, key, "1", "PXAT", Long.toString(soon))));
        db.time.advanceMillis(200);
        return watch(key);
    }

    // ---- several cores

    @Test
    void preparedBatchIsSeenByItselfOnlyAndThenByAll() {
        done(batch(set(keys[0], "old"), set(keys[2], "old")));
        long snapshot = db.writer.progress().durableLsn();
        CommandBatchCall one = batch(set(keys[0], "1"), incrby(keys[0], 1), get(keys[0]));
        CommandBatchCall other = batch(incrby(keys[1], 5));
        Reply first = prepare(5, one);
        Reply second = prepare(5, other);
        assertThat(text(one.commands.get(2))).isEqualTo("2");
        Reply read = db.get(keys[0]);
        Reply write = db.put(keys[1], "later");
        Reply atSnapshot =
                db.send(io.nodedb.plan.kv.KvOp.GET, keys[0], request -> request.readLsn = snapshot);
        Reply elsewhere = db.get(keys[2]);
        db.settle();
        assertThat(read.done).isFalse();
        assertThat(write.done).isFalse();
        assertThat(atSnapshot.ok().text()).isEqualTo("old");
        assertThat(elsewhere.ok().text()).isEqualTo("old");
        db.decide(commit(5, one, other).core(0, first.ringPosition).core(1, second.ringPosition));
        db.settle();
        assertThat(read.ok().text()).isEqualTo("2");
        write.ok();
        assertThat(db.read(keys[1])).isEqualTo("later");
        assertThat(db.pendingVersions()).isZero();
        assertRestartShowsTheSame();
    }

    @Test
    void committedBatchIsRecoveredAndAnUndecidedOneIsNot() {
        CommandBatchCall one = batch(set(keys[0], "1"), set(keys[2], "2"));
        CommandBatchCall other = batch(set(keys[1], "3"));
        Reply first = prepare(5, one);
        Reply second = prepare(5, other);
        db.decide(commit(5, one, other).core(0, first.ringPosition).core(1, second.ringPosition));
        db.settle();
        prepare(6, batch(set(keys[0], "lost")));
        db.crash();
        db.open(3);
        assertThat(db.content())
                .containsOnly(
                        java.util.Map.entry(keys[0], "1"),
                        java.util.Map.entry(keys[1], "3"),
                        java.util.Map.entry(keys[2], "2"));
        assertFree(keys[0]);
    }

    @Test
    void abortTakesTheBatchBackAndLetsWaitersGoOn() {
        done(batch(set(keys[0], "before")));
        CommandBatchCall call = batch(set(keys[0], "1"), db.command(Command.DEL, keys[0]));
        Reply prepared = prepare(5, call);
        Reply read = db.get(keys[0]);
        Reply write = db.increment(keys[2], 1);
        CommandBatchCall waiting = batch(get(keys[0]), set(keys[0], "after"));
        Reply next = send(waiting);
        db.settle();
        assertThat(read.done).isFalse();
        assertThat(next.done).isFalse();
        write.ok();
        CommitRequest abort = new CommitRequest().abort(5).core(0, prepared.ringPosition);
        call.eachPartition(abort::partition);
        db.decide(abort);
        db.settle();
        assertThat(read.ok().text()).isEqualTo("before");
        next.ok();
        assertThat(text(waiting.commands.getFirst())).isEqualTo("before");
        assertThat(db.read(keys[0])).isEqualTo("after");
        assertThat(db.pendingVersions()).isZero();
        assertRestartShowsTheSame();
    }

    @Test
    void panicInUndoOfAnAbortedBatchRebuildsTheEngine() {
        done(batch(set(keys[0], "before")));
        CommandBatchCall call = batch(set(keys[0], "1"));
        Reply prepared = prepare(5, call);
        db.faults.fail(Phase.UNDO, 1, BatchRulesTest::boom);
        db.decide(new CommitRequest().abort(5).core(0, prepared.ringPosition).partition(0));
        db.settle();
        assertThat(db.read(keys[0])).isEqualTo("before");
        assertThat(db.pendingVersions()).isZero();
        assertFree(keys[0]);
    }

    @Test
    void participantMayOnlyWatchAndKeepsItsKeysAsTheyAre() {
        done(batch(set(keys[1], "watched")));
        CommandBatchCall one = batch(set(keys[0], "1"));
        CommandBatchCall onlyWatch = watching(List.of(watch(keys[1])));
        Reply first = prepare(5, one);
        Reply second = prepare(5, onlyWatch);
        assertThat(onlyWatch.written).isEmpty();
        Reply write = db.put(keys[1], "changed");
        db.settle();
        assertThat(write.done).as("until the decision").isFalse();
        db.decide(
                commit(5, one, onlyWatch).core(0, first.ringPosition).core(1, second.ringPosition));
        db.settle();
        write.ok();
        assertThat(db.read(keys[0])).isEqualTo("1");
        assertThat(db.read(keys[1])).isEqualTo("changed");
        assertRestartShowsTheSame();
    }

    @Test
    void participantWhoseWatchHasChangedIsNotPrepared() {
        WatchedKey watched = watch(keys[1]);
        done(batch(set(keys[1], "x")));
        Reply reply = prepare(5, watching(List.of(watched)));
        assertThat(reply.watchChanged).isTrue();
        assertFree(keys[1]);
        assertThat(db.core().quiet()).isTrue();
    }

    @Test
    void keysThatABatchOnlyReadsStayAsTheyAreUntilTheDecision() {
        CommandBatchCall reads = batch(get(keys[0]));
        Reply prepared = prepare(5, reads);
        Reply read = db.get(keys[0]);
        Reply write = db.put(keys[0], "x");
        db.settle();
        assertThat(write.done).isFalse();
        db.decide(commit(5, reads).core(0, prepared.ringPosition));
        db.settle();
        read.ok();
        write.ok();
    }

    @Test
    void waitingForALockEndsAtTheDeadline() {
        CommandBatchCall call = batch(set(keys[0], "1"));
        prepare(5, call);
        Reply read =
                db.send(
                        io.nodedb.plan.kv.KvOp.GET,
                        keys[0],
                        request -> request.deadlineNanos = db.time.nanoTime() + 1_000_000);
        db.settle();
        assertThat(read.done).isFalse();
        db.time.advanceMillis(5);
        db.settle();
        read.failedWith(ErrorCode.DEADLINE_EXCEEDED);
    }

    @Test
    void expiryLeavesAPreparedKeyAlone() {
        long soon = db.time.epochMillis() + 1_000;
        CommandBatchCall call =
                batch(db.command(Command.SET, keys[0], "1", "PXAT", Long.toString(soon)));
        Reply prepared = prepare(5, call);
        db.run(3_000, 100);
        assertThat(db.pendingVersions()).isEqualTo(1);
        db.decide(commit(5, call).core(0, prepared.ringPosition));
        db.run(3_000, 100);
        assertThat(db.content()).isEmpty();
        assertThat(db.pendingVersions()).isZero();
    }

    @Test
    void failedLogLeavesReadersWithTheDurableState() {
        done(batch(set(keys[0], "before")));
        prepare(5, batch(set(keys[0], "prepared")));
        DiskFaults.broken(db);
        Reply batch = send(batch(set(keys[2], "lost")));
        db.settle();
        batch.failedWith(ErrorCode.STORAGE_FAILED);
        assertThat(db.read(keys[0])).isEqualTo("before");
        assertThat(db.read(keys[2])).isNull();
    }
}
