package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.plan.kv.command.CommandCall;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScratchKeyspaceTest extends CommandFixture {
    private final MemoryGovernor scratchMemory = new MemoryGovernor(64L << 20);

    private static CommandCall call(Command command, Object... arguments) {
        CommandCall call = new CommandCall();
        call.command = command;
        for (Object argument : arguments) {
            call.arguments.add(
                    argument instanceof byte[] bytes
                            ? bytes
                            : argument.toString().getBytes(StandardCharsets.ISO_8859_1));
        }
        return call;
    }

    private static String run(ScratchKeyspace scratch, Command command, Object... arguments) {
        CommandCall call = call(command, arguments);
        assertThat(scratch.execute(call)).as(scratch.message()).isZero();
        return ReplyText.of(Arrays.copyOf(call.reply.bytes(), call.reply.length()));
    }

    private static byte[] value(ScratchKeyspace scratch, String key) {
        CommandCall call = call(Command.VALUE_READ, key);
        assertThat(scratch.execute(call)).isZero();
        return Arrays.copyOfRange(call.reply.bytes(), 5, call.reply.length());
    }

    private byte[] valueAtHome(String key) {
        execute(0, List.of("VALUE READ", key));
        return Arrays.copyOfRange(call.reply.bytes(), 5, call.reply.length());
    }

    private static void assertIsFree(MemoryGovernor memory) {
        while (memory.reclaimer().step()) {
            // until nothing waits
        }
        assertThat(memory.used()).isZero();
    }

    private void fill(int elements) {
        run("SET string text");
        for (int i = 0; i < elements; i++) {
            run("RPUSH list v" + i);
            run("SADD set m" + i);
            run("ZADD zset " + i + ".5 m" + i);
            run("HSET hash f" + i + " v" + i);
        }
    }

    private void assertCopiesAreTheSame() {
        try (ScratchKeyspace scratch = new ScratchKeyspace(scratchMemory, core.nowMillis)) {
            for (String key : List.of("string", "list", "set", "zset", "hash")) {
                byte[] value = valueAtHome(key);
                assertThat(run(scratch, Command.VALUE_WRITE, key, value)).contains("OK");
                assertThat(value(scratch, key)).as(key).isEqualTo(value);
                assertThat(run(scratch, Command.PEXPIRETIME, key))
                        .isEqualTo(run("PEXPIRETIME " + key));
            }
            assertThat(run(scratch, Command.LRANGE, "list", 0, -1))
                    .isEqualTo(run("LRANGE list 0 -1"));
            assertThat(run(scratch, Command.ZRANGE, "zset", 0, -1, "WITHSCORES"))
                    .isEqualTo(run("ZRANGE zset 0 -1 WITHSCORES"));
            assertThat(run(scratch, Command.SINTERCARD, 2, "set", "zset")).contains("WRONGTYPE");
            assertThat(run(scratch, Command.HGET, "hash", "f1")).isEqualTo(run("HGET hash f1"));
        }
        assertIsFree(scratchMemory);
    }

    @Test
    void smallValuesAreCopiedWhole() {
        fill(3);
        assertCopiesAreTheSame();
    }

    @Test
    void largeValuesAreCopiedWhole() {
        fill(500);
        assertCopiesAreTheSame();
    }

    @Test
    void expiryOfKeysAndFieldsIsCopied() {
        fill(3);
        for (String key : List.of("string", "list", "set", "zset", "hash")) {
            run("PEXPIRE " + key + " 100000");
        }
        run("HPEXPIRE hash 50000 FIELDS 1 f2");
        assertCopiesAreTheSame();
        byte[] hash = valueAtHome("hash");
        try (ScratchKeyspace scratch = new ScratchKeyspace(scratchMemory, core.nowMillis)) {
            run(scratch, Command.VALUE_WRITE, "hash", hash);
            assertThat(run(scratch, Command.HPEXPIRETIME, "hash", "FIELDS", 1, "f2"))
                    .isEqualTo(run("HPEXPIRETIME hash FIELDS 1 f2"));
        }
    }

    @Test
    void commandsSeeThoseBeforeThem() {
        try (ScratchKeyspace scratch = new ScratchKeyspace(scratchMemory, core.nowMillis)) {
            for (int i = 0; i < 300; i++) {
                run(scratch, Command.SADD, "a", "m" + i);
            }
            run(scratch, Command.SADD, "b", "m7", "other");
            assertThat(run(scratch, Command.SINTERSTORE, "a", "a", "b"))
                    .isEqualTo(run("SADD x m7"));
            assertThat(run(scratch, Command.RENAME, "a", "c")).contains("OK");
            assertThat(run(scratch, Command.EXISTS, "a", "c")).isEqualTo(run("EXISTS x y"));
        }
        assertIsFree(scratchMemory);
    }

    @Test
    void clearedKeyspaceIsEmptyAndKeepsNoMoreMemoryThanOne() {
        try (ScratchKeyspace scratch = new ScratchKeyspace(scratchMemory, core.nowMillis)) {
            long kept = 0;
            for (int round = 0; round < 20; round++) {
                for (int i = 0; i < 300; i++) {
                    run(scratch, Command.ZADD, "a", i, "m" + i);
                    run(scratch, Command.RPUSH, "b", "v" + i);
                }
                scratch.clear(core.nowMillis);
                assertThat(run(scratch, Command.EXISTS, "a", "b")).isEqualTo(run("EXISTS x y"));
                kept = round == 0 ? scratch.memoryBytes() : kept;
                assertThat(scratch.memoryBytes()).isLessThanOrEqualTo(kept);
            }
        }
        assertIsFree(scratchMemory);
    }

    @Test
    void writtenValueReplacesWhateverTheKeyHeld() {
        fill(500);
        byte[] list = valueAtHome("list");
        try (ScratchKeyspace scratch = new ScratchKeyspace(scratchMemory, core.nowMillis)) {
            run(scratch, Command.VALUE_WRITE, "key", valueAtHome("hash"));
            run(scratch, Command.VALUE_WRITE, "key", list);
            assertThat(value(scratch, "key")).isEqualTo(list);
        }
    }

    @Test
    void whatMemoryHasNoRoomForFailsAndIsNotDone() {
        MemoryGovernor little = new MemoryGovernor(1L << 20);
        try (ScratchKeyspace scratch = new ScratchKeyspace(little, core.nowMillis)) {
            CommandCall large = call(Command.SET, "key", new byte[2 << 20]);
            assertThat(scratch.execute(large)).isEqualTo(ErrorCode.OUT_OF_MEMORY.number());
            assertThat(run(scratch, Command.EXISTS, "key")).isEqualTo(run("EXISTS nothing"));
        }
        assertIsFree(little);
    }
}
