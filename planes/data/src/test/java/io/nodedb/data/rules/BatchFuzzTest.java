package io.nodedb.data.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.data.harness.CoreHarness;
import io.nodedb.data.harness.HarnessOptions;
import io.nodedb.data.harness.Reply;
import io.nodedb.data.probe.Faults.Phase;
import io.nodedb.data.probe.FaultyFactory;
import io.nodedb.kv.KvEngineFactory;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandBatchCall;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.plan.kv.command.PlacedCommand;
import io.nodedb.plan.kv.command.WatchCall;
import io.nodedb.plan.kv.command.WatchedKey;
import io.nodedb.storage.wal.CommitRequest;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Money moves between accounts on several cores in batches that are prepared core by core, some
 * under watches, while others read all accounts in one batch; cores panic, decisions are aborts at
 * random, and everything crashes. No batch is ever seen in part: every batch that reads all
 * accounts, and every recovered database, finds the sum of nothing.
 */
class BatchFuzzTest {
    private static final int ACCOUNTS = 8;

    @Test
    void batchesAreSeenWholeOrNotAtAll() {
        SeededRuns.of(LongForm.of("data-batch-fuzz"))
                .run(40, 2_000, random -> new Run(random).go());
    }

    private static final class Run {
        private final SplittableRandom random;
        private final CoreHarness db;
        private final boolean slow;
        private final List<Transfer> open = new ArrayList<>();

        /** Transfers that were answered as made: their marks must be there for ever. */
        private final Set<String> made = new HashSet<>();

        /** Transfers that were answered as not made: their marks must not be there. */
        private final Set<String> refused = new HashSet<>();

        private long nextTxn = 100;
        private int cores;

        Run(SplittableRandom random) {
            this.random = random;
            HarnessOptions options = new HarnessOptions();
            cores = 1 + random.nextInt(3);
            options.cores(cores).partitions(1 + random.nextInt(6));
            options.set("wal_unacknowledged", "64");
            if (random.nextBoolean()) {
                options.engine = new FaultyFactory(new KvEngineFactory(), options.faults);
            }
            db = new CoreHarness(options);
            slow = random.nextInt(3) == 0;
            misbehave();
        }

        /** Some runs have commands that use up their quantum. */
        private void misbehave() {
            db.faults.interception =
                    (call, context) -> {
                        if (slow && call instanceof CommandCall && random.nextInt(3) == 0) {
                            db.time.advanceMillis(2);
                        }
                        return null;
                    };
        }

        void go() {
            int life = 1 + random.nextInt(3);
            for (int i = 0; i < life; i++) {
                for (int step = 0; step < 150; step++) {
                    act();
                }
                if (random.nextBoolean()) {
                    finish();
                }
                db.release();
                db.crash();
                db.faults.heal();
                open.clear();
                cores = 1 + random.nextInt(3);
                db.open(cores);
                check();
            }
            db.release();
        }

        private void act() {
            switch (random.nextInt(10)) {
                case 0, 1, 2 -> open.add(new Transfer(nextTxn++, false));
                case 3 -> open.add(new Transfer(nextTxn++, true));
                case 4 -> {
                    Phase[] phases = {Phase.EXECUTE, Phase.APPLY, Phase.STAMP, Phase.UNDO};
                    if (random.nextInt(4) == 0) {
                        db.faults.failAfter(
                                phases[random.nextInt(phases.length)],
                                random.nextInt(6),
                                1,
                                () -> new IllegalStateException("fuzz"));
                    }
                }
                case 5 -> db.coreStep();
                case 6 -> db.walStep();
                default -> db.step();
            }
            db.poll();
            open.removeIf(Transfer::advance);
        }

        /** Everything that is under way comes to its end. */
        private void finish() {
            db.faults.heal();
            for (int round = 0; !open.isEmpty(); round++) {
                assertThat(round).as("rounds until all batches end").isLessThan(1_000);
                db.settle();
                open.removeIf(Transfer::advance);
                db.run(2_000, 500);
            }
            // A core that was degraded serves again.
            db.run(40_000, 10_000);
            check();
        }

        private void check() {
            Map<String, String> content = content();
            long sum = 0;
            for (int i = 0; i < ACCOUNTS; i++) {
                sum += Long.parseLong(content.getOrDefault("a" + i, "0"));
            }
            assertThat(sum).as("of " + content).isZero();
            assertThat(content.keySet()).containsAll(made);
            for (String mark : refused) {
                assertThat(content).doesNotContainKey(mark);
            }
        }

        private Map<String, String> content() {
            Map<String, String> content = new TreeMap<>();
            for (String key : keys()) {
                String value = db.read(key);
                if (value != null) {
                    content.put(key, value);
                }
            }
            return content;
        }

        private List<String> keys() {
            List<String> keys = new ArrayList<>();
            for (int i = 0; i < ACCOUNTS; i++) {
                keys.add("a" + i);
            }
            for (long txn = 100; txn < nextTxn; txn++) {
                keys.add("m" + txn);
            }
            return keys;
        }

        /** A batch on its way from core to core, and its decision. */
        private final class Transfer {
            private final long txn;
            private final boolean readsAll;
            private final Map<Integer, CommandBatchCall> parts = new TreeMap<>();
            private final List<Integer> order;
            private final List<PlacedCommand> reads = new ArrayList<>();
            private final List<Reply> prepared = new ArrayList<>();
            private int watching = -1;
            private final WatchCall watch = new WatchCall();
            private @Nullable Reply current;
            private @Nullable CommitRequest decision;

            Transfer(long txn, boolean readsAll) {
                this.txn = txn;
                this.readsAll = readsAll;
                if (readsAll) {
                    for (int i = 0; i < ACCOUNTS; i++) {
                        add(db.command(Command.INCRBY, "a" + i, "0"), true);
                    }
                } else {
                    int from = random.nextInt(ACCOUNTS);
                    int to = random.nextInt(ACCOUNTS);
                    int amount = 1 + random.nextInt(9);
                    add(db.command(Command.INCRBY, "a" + from, "-" + amount), false);
                    add(db.command(Command.SET, "m" + txn, "x"), false);
                    add(db.command(Command.INCRBY, "a" + to, Integer.toString(amount - 1)), false);
                    add(db.command(Command.INCRBY, "a" + to, "1"), false);
                    if (random.nextBoolean()) {
                        watching = random.nextInt(ACCOUNTS);
                    }
                }
                order = new ArrayList<>(parts.keySet());
                if (watching >= 0) {
                    String key = "a" + watching;
                    watch.watch(CoreHarness.COLLECTION, CoreHarness.bytes(key));
                    int core = db.coreOf(db.partitionOf(key));
                    parts.computeIfAbsent(core, c -> new CommandBatchCall());
                    order.clear();
                    order.addAll(parts.keySet());
                    current = db.send(db.partitionOf(key), watch, request -> {});
                } else {
                    sendNext();
                }
            }

            private void add(PlacedCommand command, boolean read) {
                CommandBatchCall part =
                        parts.computeIfAbsent(
                                db.coreOf(command.partition()),
                                core -> {
                                    CommandBatchCall call = new CommandBatchCall();
                                    call.commands = new ArrayList<>();
                                    return call;
                                });
                part.commands.add(command);
                if (read) {
                    reads.add(command);
                }
            }

            private void sendNext() {
                int core = order.get(prepared.size());
                CommandBatchCall call = parts.get(core);
                call.txnId = txn;
                call.prepareOnly = parts.size() > 1;
                current =
                        db.send(
                                core,
                                call,
                                request ->
                                        request.deadlineNanos =
                                                db.time.nanoTime() + 1_000_000_000L);
            }

            /** True when it has ended. */
            boolean advance() {
                if (decision != null) {
                    return decided();
                }
                if (!current.done) {
                    return false;
                }
                if (current.error != null) {
                    return refusedBy();
                }
                if (watchingStill()) {
                    int partition = db.partitionOf("a" + watching);
                    WatchedKey key = watch.watched(partition, current.watermarkLsn);
                    CommandBatchCall part = parts.get(db.coreOf(partition));
                    part.watches = List.of(key);
                    watching = -1;
                    sendNext();
                    return false;
                }
                if (current.watchChanged) {
                    return refusedBy();
                }
                if (parts.size() == 1) {
                    committed();
                    return true;
                }
                prepared.add(current);
                if (prepared.size() == parts.size() && random.nextInt(8) > 0) {
                    return !decide(true);
                }
                if (prepared.size() == parts.size() || random.nextInt(20) == 0) {
                    return !decide(false);
                }
                sendNext();
                return false;
            }

            private boolean watchingStill() {
                return watching >= 0;
            }

            private boolean refusedBy() {
                if (current.error == ErrorCode.STORAGE_FAILED) {
                    return true;
                }
                return prepared.isEmpty() ? notMade() : !decide(false);
            }

            private boolean notMade() {
                if (!readsAll) {
                    refused.add("m" + txn);
                }
                return true;
            }

            private boolean decide(boolean commit) {
                decision =
                        commit
                                ? new CommitRequest().commit(txn, 0, 0, 0)
                                : new CommitRequest().abort(txn);
                for (int i = 0; i < prepared.size(); i++) {
                    int core = order.get(i);
                    decision.core(core, prepared.get(i).ringPosition);
                    parts.get(core).eachPartition(decision::partition);
                }
                db.decide(decision);
                return true;
            }

            private boolean decided() {
                if (!db.decided().contains(decision)) {
                    return false;
                }
                if (decision.commits()) {
                    committed();
                } else {
                    notMade();
                }
                return true;
            }

            private void committed() {
                if (!readsAll) {
                    made.add("m" + txn);
                    return;
                }
                long sum = 0;
                for (PlacedCommand read : reads) {
                    sum += BatchRulesTest.number(read);
                }
                assertThat(sum).as("what one batch read").isZero();
            }
        }
    }
}
