package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.ids.Lsn;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.engine.Outcome;
import io.nodedb.kv.TypesModel.Value;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Random commands on lists, sets, sorted sets and hashes, with pending batches, undo, snapshots,
 * expiry, checkpoints and crashes, against the {@link TypesModel}. What commands answer is told by
 * transcripts; this is about what the engine holds.
 */
class TypesFuzzTest {
    private static final LongForm FORM = LongForm.of("kv-types");

    @Test
    void engineHoldsWhatTheModelHolds() {
        SeededRuns.of(FORM).run(12, 400, random -> new Run(random, 300).run(1_200));
    }

    @Test
    void engineHoldsWhatTheModelHoldsWhenValuesStaySmall() {
        SeededRuns.of(FORM).run(6, 200, random -> new Run(random, 20).run(1_200));
    }

    private static final class Run {
        private final SplittableRandom random;
        private final int pool;
        private final MemoryGovernor governor = new MemoryGovernor(256L << 20);
        private final KvCore core;
        private final CommandCall call = new CommandCall();
        private final TreeMap<Long, TypesModel> committedAt = new TreeMap<>();
        private final ArrayDeque<TypesModel> pending = new ArrayDeque<>();
        private TypesModel committed = new TypesModel();

        Run(SplittableRandom random, int pool) {
            this.random = random;
            this.pool = pool;
            core = new KvCore(governor, random.nextBoolean());
        }

        void run(int steps) {
            for (int i = 0; i < steps; i++) {
                step();
            }
            memoryIsGivenBack();
        }

        private void step() {
            switch (random.nextInt(40)) {
                case 0, 1, 2, 3, 4, 5, 6 -> acknowledge();
                case 7 -> core.nowMillis += random.nextInt(2_000);
                case 8 -> expire();
                case 9, 10 -> undo();
                case 11 -> snapshot();
                case 12 -> release();
                case 13, 14 -> core.maintain(random.nextInt(10));
                case 15, 16, 17 -> checkpoint();
                case 18 -> compareAll();
                case 19 -> {
                    if (random.nextInt(8) == 0) {
                        crash();
                    }
                }
                case 20 -> {
                    boolean ignored = core.engine.compact(0, Long.MAX_VALUE);
                }
                default -> write();
            }
        }

        private TypesModel newest() {
            return pending.isEmpty() ? committed : pending.getLast();
        }

        private void acknowledge() {
            if (!pending.isEmpty()) {
                core.acknowledge();
                committed = pending.removeFirst();
                committedAt.put(core.lastLsn, committed);
            }
        }

        private void undo() {
            for (int i = random.nextInt(3); i >= 0 && !pending.isEmpty(); i--) {
                core.undo();
                pending.removeLast();
            }
        }

        private void snapshot() {
            if (core.snapshots.size() < 3 && committedAt.containsKey(core.lastLsn)) {
                core.snapshots.add(core.lastLsn);
            }
        }

        private void release() {
            if (!core.snapshots.isEmpty()) {
                core.snapshots.remove(random.nextInt(core.snapshots.size()));
            }
        }

        private void checkpoint() {
            if (!core.checkpointOpen()) {
                if (random.nextInt(3) == 0) {
                    core.beginCheckpoint(random.nextInt(4) == 0);
                }
                return;
            }
            boolean done = core.checkpointStep(1 + random.nextInt(400), random.nextInt(200));
            if (random.nextInt(40) == 0) {
                core.abandon();
            } else if (done) {
                core.publish();
            }
        }

        private void expire() {
            int before = core.pendingBatches();
            core.expire(2 + random.nextInt(40));
            if (core.pendingBatches() > before) {
                pending.add(newest().copy());
            }
        }

        private void crash() {
            pending.clear();
            core.crash();
            compareAll();
        }

        private String key() {
            return "k" + random.nextInt(6);
        }

        private String element() {
            return "e" + random.nextInt(pool);
        }

        private String randomValue() {
            return random.nextInt(60) == 0
                    ? "x".repeat(random.nextInt(6_000))
                    : "v" + random.nextInt(1_000);
        }

        private int some() {
            return 1 + random.nextInt(random.nextInt(6) == 0 ? pool / 2 : 4);
        }

        /** Decides a command, whose effect on the model the caller has told in {@code after}. */
        private void run(TypesModel after, List<String> words) {
            boolean committedElsewhere = random.nextInt(12) == 0;
            while (committedElsewhere && !pending.isEmpty()) {
                acknowledge();
            }
            execute(words, 0);
            if (call.reply.isError()) {
                hashHasExpired(words);
                return;
            }
            if (committedElsewhere) {
                if (core.context.effects.length() > 0) {
                    core.applyCommitted(core.context.effects);
                    committed = after;
                    committedAt.put(core.lastLsn, committed);
                }
                return;
            }
            int before = core.pendingBatches();
            assertThat(core.applyBatch()).isTrue();
            if (core.pendingBatches() > before) {
                pending.add(after);
            }
        }

        /** The key holds a hash without fields whose end is not written yet. */
        private void hashHasExpired(List<String> words) {
            boolean found = false;
            for (String word : words.subList(1, Math.min(4, words.size()))) {
                found |=
                        execute(List.of("TYPE", word), 0).equals("+hash")
                                && execute(List.of("HGETALL", word), 0).equals("[]");
            }
            assertThat(found).as(words.toString()).isTrue();
        }

        private String execute(List<String> words, long readLsn) {
            call.reset();
            call.command = Command.named(words.getFirst());
            call.collection = KvCore.COLLECTION;
            call.seed = random.nextLong();
            for (String word : words.subList(1, words.size())) {
                call.arguments.add(word.getBytes(StandardCharsets.ISO_8859_1));
            }
            int outcome;
            do {
                core.context.quantum = random.nextInt(20);
                outcome = core.execute(call, readLsn);
            } while (outcome == Outcome.YIELD);
            assertThat(outcome).as(core.context.message).isEqualTo(Outcome.DONE);
            return ReplyText.of(Arrays.copyOf(call.reply.bytes(), call.reply.length()));
        }

        private void write() {
            TypesModel after = newest().copy();
            String key = key();
            Value value = after.read(key, core.nowMillis);
            List<String> words = new ArrayList<>();
            switch (random.nextInt(12)) {
                case 0 -> keyCommand(after, key, value, words);
                case 1, 2, 3 -> hash(key, typed(value, ValueType.HASH), words, after);
                case 4, 5 -> set(key, typed(value, ValueType.SET), words, after);
                case 6, 7, 8 -> list(key, typed(value, ValueType.LIST), words, after);
                default -> sorted(key, typed(value, ValueType.SORTED_SET), words, after);
            }
            if (!words.isEmpty()) {
                run(after, words);
            }
        }

        /** The value when it has this type, a new one when the key is absent, otherwise null. */
        private static Value typed(Value value, ValueType type) {
            if (value == null) {
                return new Value(type);
            }
            return value.type == type ? value : null;
        }

        private void keyCommand(TypesModel after, String key, Value value, List<String> words) {
            String other = key();
            switch (random.nextInt(5)) {
                case 0 -> {
                    words.addAll(List.of("DEL", key));
                    after.remove(key);
                }
                case 1 -> {
                    words.addAll(List.of("SET", key, "text"));
                    Value string = new Value(ValueType.STRING);
                    string.string = "text";
                    after.put(key, string);
                }
                case 2 -> {
                    if (value != null && !key.equals(other)) {
                        words.addAll(List.of("RENAME", key, other));
                        after.remove(key);
                        after.put(other, value);
                    }
                }
                case 3 -> {
                    if (value != null && !key.equals(other)) {
                        words.addAll(List.of("COPY", key, other, "REPLACE"));
                        after.put(other, value);
                    }
                }
                default -> {
                    if (value != null && value.expiries.isEmpty()) {
                        value.expireAt = core.nowMillis + 1 + random.nextInt(5_000);
                        words.addAll(List.of("PEXPIREAT", key, "" + value.expireAt));
                        after.put(key, value);
                    }
                }
            }
        }

        private void hash(String key, Value value, List<String> words, TypesModel after) {
            if (value == null) {
                return;
            }
            switch (random.nextInt(6)) {
                case 0 -> {
                    words.addAll(List.of("HDEL", key));
                    for (int i = some(); i > 0; i--) {
                        String field = element();
                        words.add(field);
                        value.map.remove(field);
                        value.expiries.remove(field);
                    }
                }
                case 1 -> {
                    String field = element();
                    if (value.expireAt == 0 && value.map.containsKey(field)) {
                        long at = core.nowMillis - 100 + random.nextInt(5_000);
                        words.addAll(List.of("HPEXPIREAT", key, "" + at, "FIELDS", "1", field));
                        value.expiries.put(field, at);
                        value.expire(core.nowMillis);
                    }
                }
                case 2 -> {
                    String field = element();
                    words.addAll(List.of("HPERSIST", key, "FIELDS", "1", field));
                    value.expiries.remove(field);
                }
                default -> {
                    words.addAll(List.of("HSET", key));
                    for (int i = some(); i > 0; i--) {
                        String field = element();
                        String text = randomValue();
                        words.add(field);
                        words.add(text);
                        value.map.put(field, text);
                        value.expiries.remove(field);
                    }
                }
            }
            after.put(key, value);
        }

        private void set(String key, Value value, List<String> words, TypesModel after) {
            if (value == null) {
                return;
            }
            boolean removes = random.nextInt(3) == 0;
            String other = key();
            Value into = typed(after.read(other, core.nowMillis), ValueType.SET);
            if (random.nextInt(5) == 0 && into != null) {
                words.addAll(List.of("SUNIONSTORE", other, key, other));
                into.map.putAll(value.map);
                into.expireAt = 0;
                after.put(other, into);
                return;
            }
            words.addAll(List.of(removes ? "SREM" : "SADD", key));
            for (int i = some(); i > 0; i--) {
                String member = element();
                words.add(member);
                if (removes) {
                    value.map.remove(member);
                } else {
                    value.map.put(member, "");
                }
            }
            after.put(key, value);
        }

        private void list(String key, Value value, List<String> words, TypesModel after) {
            if (value == null) {
                return;
            }
            List<String> list = value.list;
            switch (random.nextInt(9)) {
                case 0, 1, 2 -> {
                    boolean left = random.nextBoolean();
                    words.addAll(List.of(left ? "LPUSH" : "RPUSH", key));
                    for (int i = some(); i > 0; i--) {
                        String text = randomValue();
                        words.add(text);
                        list.add(left ? 0 : list.size(), text);
                    }
                }
                case 3 -> {
                    boolean left = random.nextBoolean();
                    int count = some();
                    words.addAll(List.of(left ? "LPOP" : "RPOP", key, "" + count));
                    for (int i = 0; i < count && !list.isEmpty(); i++) {
                        list.remove(left ? 0 : list.size() - 1);
                    }
                }
                case 4, 5 -> {
                    // Again and again at one place, so that room runs out.
                    if (!list.isEmpty()) {
                        String pivot = list.get(list.size() / 2);
                        String text = random.nextBoolean() ? pivot : randomValue();
                        words.addAll(List.of("LINSERT", key, "BEFORE", pivot, text));
                        list.add(list.indexOf(pivot), text);
                    }
                }
                case 6 -> {
                    if (!list.isEmpty()) {
                        int index = random.nextInt(list.size());
                        words.addAll(List.of("LSET", key, "" + index, "set"));
                        list.set(index, "set");
                    }
                }
                case 7 -> {
                    words.addAll(List.of("LREM", key, "0", "set"));
                    list.removeIf("set"::equals);
                }
                default -> {
                    if (list.size() > 1) {
                        words.addAll(List.of("LMOVE", key, key, "LEFT", "RIGHT"));
                        list.add(list.removeFirst());
                    }
                }
            }
            after.put(key, value);
        }

        private void sorted(String key, Value value, List<String> words, TypesModel after) {
            if (value == null) {
                return;
            }
            switch (random.nextInt(5)) {
                case 0 -> {
                    words.addAll(List.of("ZREM", key));
                    for (int i = some(); i > 0; i--) {
                        String member = element();
                        words.add(member);
                        value.map.remove(member);
                    }
                }
                case 1 -> {
                    int count = random.nextInt(5);
                    words.addAll(List.of("ZREMRANGEBYRANK", key, "0", "" + (count - 1)));
                    if (count == 0) {
                        words.clear();
                    }
                    List<String> order = order(value);
                    order.subList(0, Math.min(count, order.size())).forEach(value.map::remove);
                }
                default -> {
                    words.addAll(List.of("ZADD", key));
                    for (int i = some(); i > 0; i--) {
                        String member = element();
                        String score = "" + random.nextInt(-20, 20);
                        words.add(score);
                        words.add(member);
                        value.map.put(member, score);
                    }
                }
            }
            after.put(key, value);
        }

        private static List<String> order(Value value) {
            List<String> order = new ArrayList<>(value.map.keySet());
            order.sort(
                    java.util.Comparator.comparingDouble(
                                    (String member) -> Double.parseDouble(value.map.get(member)))
                            .thenComparing(member -> member));
            return order;
        }

        private void compareAll() {
            for (int i = 0; i < 6; i++) {
                compare("k" + i, newest(), 0);
                for (long snapshot : core.snapshots) {
                    TypesModel then = committedAt.get(snapshot);
                    compare("k" + i, then, snapshot);
                }
            }
        }

        private void compare(String key, TypesModel model, long readLsn) {
            long now = readLsn == 0 ? core.nowMillis : Lsn.millis(readLsn);
            Value value = model.read(key, now);
            if (value == null) {
                String type = execute(List.of("TYPE", key), readLsn);
                if (!type.equals("+none")) {
                    // Its fields have expired, but that is not written yet.
                    assertThat(type).isEqualTo("+hash");
                    assertThat(execute(List.of("HGETALL", key), readLsn)).isEqualTo("[]");
                }
                return;
            }
            List<String> expected = new ArrayList<>();
            List<String> found = new ArrayList<>();
            switch (value.type) {
                case STRING -> {
                    expected.add(value.string);
                    found = strings(execute(List.of("GET", key), readLsn));
                }
                case LIST -> {
                    expected.addAll(value.list);
                    found = strings(execute(List.of("LRANGE", key, "0", "-1"), readLsn));
                    assertThat(execute(List.of("LLEN", key), readLsn))
                            .isEqualTo("" + value.list.size());
                }
                case SET -> {
                    expected.addAll(value.map.keySet());
                    found = strings(execute(List.of("SMEMBERS", key), readLsn));
                    found.sort(null);
                }
                case SORTED_SET -> {
                    for (String member : order(value)) {
                        expected.add(member);
                        expected.add(value.map.get(member));
                    }
                    found =
                            strings(
                                    execute(
                                            List.of("ZRANGE", key, "0", "-1", "WITHSCORES"),
                                            readLsn));
                    checkRank(key, value, readLsn);
                }
                case HASH -> {
                    value.map.forEach((field, text) -> expected.add(field + "=" + text));
                    List<String> flat = strings(execute(List.of("HGETALL", key), readLsn));

                    for (int i = 0; i < flat.size(); i += 2) {
                        found.add(flat.get(i) + "=" + flat.get(i + 1));
                    }
                    found.sort(null);
                    expected.sort(null);
                }
            }
            assertThat(found).as("%s at %d", key, readLsn).isEqualTo(expected);
            if (value.expiries.isEmpty()) {
                assertThat(execute(List.of("PEXPIRETIME", key), readLsn))
                        .isEqualTo(value.expireAt == 0 ? "-1" : "" + value.expireAt);
            }
        }

        private void checkRank(String key, Value value, long readLsn) {
            List<String> order = order(value);
            int rank = random.nextInt(order.size());
            assertThat(execute(List.of("ZRANK", key, order.get(rank)), readLsn))
                    .isEqualTo("" + rank);
        }

        /** The bulk strings of a flat reply; no text here holds blanks or quotes. */
        private static List<String> strings(String reply) {
            List<String> strings = new ArrayList<>();
            String inside = reply.replace("[", "").replace("]", "");
            if (!inside.isEmpty()) {
                for (String quoted : inside.split(" ", -1)) {
                    strings.add(quoted.substring(1, quoted.length() - 1));
                }
            }
            return strings;
        }

        private void memoryIsGivenBack() {
            while (!pending.isEmpty()) {
                acknowledge();
            }
            core.snapshots.clear();
            compareAll();
            if (core.checkpointOpen()) {
                core.abandon();
            }
            core.checkpointAll(true);
            core.crash();
            compareAll();
            for (int i = 0; i < 6; i++) {
                execute(List.of("DEL", "k" + i), 0);
                assertThat(core.applyBatch()).isTrue();
            }
            core.expire(1_000);
            core.acknowledgeAll();
            core.checkpointAll(false);
            core.settle();
            KvTable table = core.engine.table(KvCore.COLLECTION);
            assertThat(table.structures().count()).isZero();
            assertThat(core.engine.dataBytes()).isZero();
            assertThat(core.engine.count(KvCore.COLLECTION)).isZero();
            core.engine.drop(KvCore.COLLECTION);
            core.settle();
            assertThat(core.engine.indexBytes()).isZero();
            core.engine.close();
            while (governor.reclaimer().step()) {
                // until nothing waits
            }
            assertThat(governor.used()).isZero();
        }
    }
}
