package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.Command;
import io.nodedb.storage.wal.EffectReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** The engine allocates nothing per command on the hot ones: deciding, applying and stamping. */
class KvCommandsAllocationTest extends CommandFixture {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int TURNS = 20_000;

    /** The first rounds run interpreted; compilation replaces them at some point. */
    private static final int ROUNDS = 300;

    private final EffectReader reader = new EffectReader();
    private long sequence = 1_000_000;

    private byte[][] bytes(String... words) {
        byte[][] bytes = new byte[words.length][];
        for (int i = 0; i < words.length; i++) {
            bytes[i] = words[i].getBytes(StandardCharsets.US_ASCII);
        }
        return bytes;
    }

    private void turn(Command command, byte[][] arguments) {
        call.reset();
        call.command = command;
        call.collection = KvCore.COLLECTION;
        for (byte[] argument : arguments) {
            call.arguments.add(argument);
        }
        core.context.begin(core.nowMillis, 0);
        if (core.engine.execute(call, core.context) != Outcome.DONE || call.reply.isError()) {
            throw new AssertionError(command);
        }
        if (core.context.effects.count() > 0) {
            reader.wrap(core.context.effects.bytes(), 0, core.context.effects.length());
            reader.next();
            long handle = core.engine.apply(reader, -sequence);
            core.engine.stamp(KvCore.COLLECTION, handle, sequence++);
        }
    }

    private void assertAllocatesNothing(Command command, byte[][] arguments, Command undo) {
        byte[][] undoArguments = bytes("key:1", "12345");
        turn(Command.SET, undoArguments);
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < TURNS; i++) {
                core.nowMillis++;
                turn(command, arguments);
                turn(undo, undo == Command.SET ? undoArguments : arguments);
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).as(command + ": bytes in " + TURNS + " commands").isZero();
    }

    @Test
    void readsAllocateNothing() {
        assertAllocatesNothing(Command.GET, bytes("key:1"), Command.EXISTS);
        assertAllocatesNothing(Command.EXISTS, bytes("key:1", "none", "key:1"), Command.EXISTS);
        assertAllocatesNothing(Command.MGET, bytes("key:1", "none"), Command.MGET);
        assertAllocatesNothing(Command.TTL, bytes("key:1"), Command.STRLEN);
    }

    @Test
    void writesAllocateNothing() {
        assertAllocatesNothing(Command.SET, bytes("key:1", "another"), Command.SET);
        assertAllocatesNothing(
                Command.SET, bytes("key:1", "another", "XX", "EX", "10"), Command.SET);
        assertAllocatesNothing(Command.INCR, bytes("key:1"), Command.DECR);
        assertAllocatesNothing(Command.DEL, bytes("key:1"), Command.SET);
        assertAllocatesNothing(Command.EXPIRE, bytes("key:1", "100"), Command.EXPIRE);
    }
}
