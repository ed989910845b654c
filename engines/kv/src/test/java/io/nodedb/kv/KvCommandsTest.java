package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a command does beyond its reply: pending and old versions, large values, limits. */
class KvCommandsTest extends CommandFixture {
    private static final int LARGE = 100_000;

    private String pending(String line) {
        return execute(0, words(line));
    }

    private static String large(char letter, int length) {
        return String.valueOf(letter).repeat(length);
    }

    @Test
    void readOfAPendingWriteNamesItsBatch() {
        pending("SET a 1");
        pending("SET b 1");
        assertThat(pending("GET a")).isEqualTo("\"1\"");
        assertThat(core.context.dependsOn).isEqualTo(1);
        assertThat(pending("MGET a b none")).isEqualTo("[\"1\" \"1\" nil]");
        assertThat(core.context.dependsOn).isEqualTo(2);
        assertThat(pending("SET a 2 NX")).isEqualTo("nil");
        assertThat(core.context.dependsOn).as("what a refused write saw").isEqualTo(1);
        core.acknowledgeAll();
        assertThat(pending("GET a")).isEqualTo("\"1\"");
        assertThat(core.context.dependsOn).isZero();
    }

    @Test
    void readOfAPendingDeletionNamesItsBatch() {
        run("SET a 1");
        pending("DEL a");
        assertThat(pending("EXISTS a")).isEqualTo("0");
        assertThat(core.context.dependsOn).isEqualTo(2);
    }

    @Test
    void snapshotReadsWhatWasThere() {
        run("MSET a 1 b 2");
        long lsn = core.lastLsn;
        core.snapshots.add(lsn);
        run("MSET a 3 c 4");
        run("DEL b");
        assertThat(run(lsn, List.of("MGET", "a", "b", "c"))).isEqualTo("[\"1\" \"2\" nil]");
        assertThat(run(lsn, List.of("EXISTS", "a", "b", "c"))).isEqualTo("2");
        assertThat(run("MGET a b c")).isEqualTo("[\"3\" nil \"4\"]");
    }

    @Test
    void expiredKeyIsAbsentForEveryCommand() {
        run("SET a abc PX 100");
        core.nowMillis += 100;
        assertThat(run("EXISTS a")).isEqualTo("0");
        assertThat(run("TYPE a")).isEqualTo("+none");
        assertThat(run("TTL a")).isEqualTo("-2");
        assertThat(run("DEL a")).isEqualTo("0");
        assertThat(run("PERSIST a")).isEqualTo("0");
        assertThat(run("RENAME a b")).isEqualTo("-ERR no such key");
        assertThat(run("APPEND a x")).isEqualTo("1");
        assertThat(run("TTL a")).as("the old expiry is gone, too").isEqualTo("-1");
    }

    @Test
    void keyNamedTwiceIsDecidedOnce() {
        run("SET a 1");
        assertThat(pending("DEL a a a")).isEqualTo("1");
        assertThat(core.context.effects.count()).isEqualTo(1);
        pending("MSET a 1 b 2 a 3 a 4");
        assertThat(core.context.effects.count()).isEqualTo(2);
        assertThat(pending("MGET a b")).isEqualTo("[\"4\" \"2\"]");
    }

    @Test
    void manyKeysWithRepetitionsAreToldApart() {
        StringBuilder line = new StringBuilder("MSET");
        for (int i = 0; i < 3_000; i++) {
            line.append(" key").append(i % 1_000).append(" value").append(i);
        }
        pending(line.toString());
        assertThat(core.context.effects.count()).isEqualTo(1_000);
        assertThat(run("MGET key0 key999")).isEqualTo("[\"value2000\" \"value2999\"]");
        StringBuilder all = new StringBuilder("DEL");
        for (int i = 0; i < 3_000; i++) {
            all.append(" key").append(i % 1_500);
        }
        assertThat(run(all.toString())).isEqualTo("1000");
    }

    @Test
    void whatChangesNothingWritesNothing() {
        run("SET a abc EX 100");
        for (String line :
                List.of(
                        "APPEND a \"\"",
                        "SETRANGE a 1 \"\"",
                        "SETBIT a 1 1",
                        "BITFIELD a SET u8 0 97",
                        "EXPIRE a 100",
                        "GETEX a",
                        "RENAME a a",
                        "SET a 1 NX",
                        "MSETNX b 1 a 1",
                        "EXPIRE a 50 GT")) {
            pending(line);
            assertThat(core.context.effects.count()).as(line).isZero();
        }
    }

    @Test
    void largeValueIsAnsweredInChunks() {
        String value = large('x', LARGE) + large('y', LARGE);
        pending("SET a " + value);
        prepare(List.of("GET", "a"));
        assertThat(core.execute(call, 0)).as("not durable").isEqualTo(Outcome.WAIT_FOR_CREDIT);
        core.acknowledgeAll();
        assertThat(run("GET a")).isEqualTo('"' + value + '"');
        assertThat(call.reply.length()).as("all in chunks").isZero();
        String part = value.substring(99_000, 190_001);
        assertThat(run("GETRANGE a 99000 -10000")).isEqualTo('"' + part + '"');
        assertThat(call.pin).isZero();
    }

    @Test
    void valueThatIsBeingSentStaysAsItWas() {
        String value = large('x', LARGE);
        run("SET a " + value);
        prepare(List.of("GETRANGE", "a", "1", "-1"));
        core.context.chunks.reset();
        int outcome;
        boolean overwritten = false;
        do {
            core.context.credit = 3;
            outcome = core.execute(call, 0);
            if (!overwritten) {
                overwritten = true;
                overwrite();
            }
        } while (outcome == Outcome.WAIT_FOR_CREDIT);
        assertThat(outcome).isEqualTo(Outcome.DONE);
        String sent = ReplyText.of(core.context.chunks.toByteArray());
        assertThat(sent).isEqualTo('"' + value.substring(1) + '"');
        core.settle();
        assertThat(core.engine.dataBytes()).as("unpinned").isLessThan(1_000);
    }

    private void overwrite() {
        CommandCall other = new CommandCall();
        other.command = Command.SET;
        other.collection = KvCore.COLLECTION;
        other.arguments.add(new byte[] {'a'});
        other.arguments.add(new byte[] {'1'});
        assertThat(core.execute(other, 0)).isEqualTo(Outcome.DONE);
        core.applyBatch();
        core.acknowledgeAll();
        core.settle();
    }

    @Test
    void clientThatTakesNoChunkLosesItsAnswer() {
        run("SET a " + large('x', LARGE));
        prepare(List.of("GET", "a"));
        core.context.credit = 1;
        assertThat(core.execute(call, 0)).isEqualTo(Outcome.WAIT_FOR_CREDIT);
        core.nowMillis += PinnedVersions.LEASE_MILLIS;
        core.settle();
        assertThat(core.execute(call, 0)).isEqualTo(ErrorCode.DEADLINE_EXCEEDED.number());
    }

    @Test
    void quantumEndsBetweenChunks() {
        run("SET a " + large('x', LARGE));
        prepare(List.of("GET", "a"));
        core.context.chunks.reset();
        core.context.begin(core.nowMillis, 0);
        core.context.quantum = 2;
        assertThat(core.engine.execute(call, core.context)).isEqualTo(Outcome.YIELD);
        assertThat(core.context.chunks.size()).isEqualTo(3 * 4096);
        assertThat(core.execute(call, 0)).isEqualTo(Outcome.DONE);
        assertThat(core.context.chunks.size()).isEqualTo(5 + LARGE);
    }

    @Test
    void valuesAndKeysThatAreTooLongAreRefused() {
        String tooLong = "-ERR string exceeds maximum allowed size (proto-max-bulk-len)";
        run("SET a 1");
        assertThat(run("SETRANGE a " + KvLimits.VALUE_BYTES + " x")).isEqualTo(tooLong);
        assertThat(run("SETRANGE a " + (KvLimits.VALUE_BYTES - 1) + " xx")).isEqualTo(tooLong);
        assertThat(run("SETBIT a " + 8L * KvLimits.VALUE_BYTES + " 1"))
                .isEqualTo("-ERR bit offset is not an integer or out of range");
        assertThat(run("BITFIELD a SET u8 " + (8L * KvLimits.VALUE_BYTES - 7) + " 1"))
                .isEqualTo("-ERR bit offset is not an integer or out of range");
        String key = large('k', KvLimits.KEY_BYTES + 1);
        assertThat(run("GET " + key)).startsWith("-ERR key is too long");
        assertThat(run("MSET a 1 " + key + " 2")).startsWith("-ERR key is too long");
        assertThat(run("SET a " + key)).as("a value may be longer").isEqualTo("+OK");
        assertThat(run("GET " + key.substring(1))).isEqualTo("nil");
    }

    @Test
    void largestValueIsTakenAndALargerOneIsNot() {
        core = new KvCore(governor, false);
        prepare(List.of("SET", "a"));
        call.arguments.claim(KvLimits.VALUE_BYTES + 1);
        assertThat(core.execute(call, 0)).isEqualTo(Outcome.DONE);
        assertThat(call.reply.isError()).isTrue();
        assertThat(core.context.effects.count()).isZero();
        prepare(List.of("SET", "a"));
        call.arguments.claim(KvLimits.VALUE_BYTES - 1);
        assertThat(core.execute(call, 0)).isEqualTo(Outcome.DONE);
        assertThat(core.applyBatch()).isTrue();
        core.acknowledgeAll();
        assertThat(run("APPEND a x")).isEqualTo(Integer.toString(KvLimits.VALUE_BYTES));
        assertThat(run("APPEND a x"))
                .isEqualTo("-ERR string exceeds maximum allowed size (proto-max-bulk-len)");
        assertThat(run("BITPOS a 1")).isEqualTo(Long.toString(8L * KvLimits.VALUE_BYTES - 7));
        assertThat(run("BITCOUNT a")).isEqualTo("4");
    }

    @Test
    void databaseOptionOfCopyIsRefused() {
        run("SET a 1");
        assertThat(run("COPY a b DB 1")).startsWith("-ERR");
        assertThat(run("EXISTS b")).isEqualTo("0");
    }

    @Test
    void memoryUsageTellsTheBytesOfAVersion() {
        run("SET key value");
        assertThat(run("MEMORY USAGE key"))
                .isEqualTo(Integer.toString(EntryStore.HEADER_BYTES + 3 + 5));
    }

    @Test
    void memoryUsageOfALargeValueTellsItsElementsToo() {
        StringBuilder pairs = new StringBuilder();
        int fields = 900;
        for (int i = 100; i < 100 + fields; i++) {
            pairs.append(" f").append(i).append(" value");
        }
        run("HSET h" + pairs);
        int root = EntryStore.HEADER_BYTES + 1 + StructureHead.BYTES;
        int element = EntryStore.HEADER_BYTES + ValueForm.ID_BYTES + 4 + 5;
        String all = Integer.toString(root + fields * element);
        assertThat(run("MEMORY USAGE h")).isEqualTo(all);
        assertThat(run("MEMORY USAGE h SAMPLES 0")).isEqualTo(all);
        run("HDEL h" + pairs.toString().replace(" value", "").substring(0, 5 * 800));
        assertThat(run("MEMORY USAGE h SAMPLES 1"))
                .isEqualTo(Integer.toString(root + 100 * element));
    }

    @Test
    void sequencesWhoseTableIsTooLargeAreRefused() {
        run("MSET a " + large('x', 6_000) + " b " + large('y', 6_000));
        assertThat(run("LCS a b LEN"))
                .isEqualTo(
                        "-ERR Insufficient memory, transient memory for LCS exceeds"
                                + " proto-max-bulk-len");
    }
}
