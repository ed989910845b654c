package io.nodedb.kv;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.engine.EngineEnvironment;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.engine.Outcome;
import io.nodedb.plan.kv.command.CommandCall;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.Effects;
import org.jspecify.annotations.Nullable;

/**
 * A few keys of a collection, copied to where a command can see all of them, whatever partitions
 * they live in: an engine of its own without log, cores or other users. Commands take effect here
 * at once and nowhere else; whoever made it reads the outcome and carries it home. Its memory is
 * governed as all engines' is. One thread uses it, whichever; {@link #close} frees everything.
 */
@CoreOwned
public final class ScratchKeyspace implements AutoCloseable {
    private static final int COLLECTION = 1;
    private static final int EFFECTS_BYTES = 4096;

    private final KvEngine engine;
    private final EffectReader reader = new EffectReader();
    private final Context context;
    private long lsn = 1;

    /** {@code nowMillis} is the time of all commands until {@link #clear}. */
    public ScratchKeyspace(MemoryGovernor governor, long nowMillis) {
        engine = new KvEngine(new EngineEnvironment(0, governor, (fromLsn, toLsn) -> false));
        engine.openCollection(COLLECTION, new CollectionOptions(false));
        engine.opened(nowMillis);
        context = new Context(nowMillis);
    }

    /** Forgets all keys; from now on it is {@code nowMillis}. */
    public void clear(long nowMillis) {
        engine.drop(COLLECTION);
        context.nowMillis = nowMillis;
        boolean more;
        do {
            more = engine.maintain(context);
        } while (more);
        engine.openCollection(COLLECTION, new CollectionOptions(false));
    }

    /** Memory that is held, whether there are keys or not. */
    public long memoryBytes() {
        return engine.memoryBytes();
    }

    /**
     * Executes a command; its reply stands in the call.
     *
     * @return 0, or the number of the {@link ErrorCode} for what the database can't do: then
     *     nothing was done
     */
    public int execute(CommandCall call) {
        int collection = call.collection;
        call.collection = COLLECTION;
        try {
            context.effects.reset();
            int outcome;
            do {
                outcome = engine.execute(call, context);
            } while (outcome == Outcome.YIELD);
            return outcome == Outcome.DONE ? apply() : outcome;
        } finally {
            call.collection = collection;
        }
    }

    /** Why the last command was not done. */
    public @Nullable String message() {
        return context.message;
    }

    private int apply() {
        Effects effects = context.effects;
        if (effects.length() == 0) {
            return Outcome.DONE;
        }
        if (!engine.reserve(effects.count(), bytesPut(effects))) {
            return context.fail(
                    ErrorCode.OUT_OF_MEMORY, "there is no memory to compute the command in");
        }
        lsn++;
        reader.wrap(effects.bytes(), 0, effects.length());
        while (reader.next()) {
            long handle = engine.apply(reader, -lsn);
            engine.stamp(COLLECTION, handle, lsn);
        }
        return Outcome.DONE;
    }

    private long bytesPut(Effects effects) {
        long bytes = 0;
        reader.wrap(effects.bytes(), 0, effects.length());
        while (reader.next()) {
            bytes += reader.kind() == EffectFormat.PUT ? reader.operationBytes() : 0;
        }
        return bytes;
    }

    @Override
    public void close() {
        engine.close();
    }

    /** Everything is there, and there is time for everything. */
    private static final class Context implements ExecutionContext {
        final Effects effects = new Effects(EFFECTS_BYTES);
        long nowMillis;
        @Nullable String message;

        Context(long nowMillis) {
            this.nowMillis = nowMillis;
        }

        @Override
        public long nowMillis() {
            return nowMillis;
        }

        @Override
        public long readLsn() {
            return 0;
        }

        @Override
        public boolean quantumOver() {
            return false;
        }

        @Override
        public Effects effects() {
            return effects;
        }

        @Override
        public void dependsOn(long batchSequence) {}

        @Override
        public boolean inParts() {
            return false;
        }

        @Override
        public byte @Nullable [] takeChunk() {
            throw new IllegalStateException("the answer stands in the call");
        }

        @Override
        public void sendChunk(int length) {
            throw new IllegalStateException("the answer stands in the call");
        }

        @Override
        public void readElsewhere(Runnable read) {
            throw new IllegalStateException("everything is in memory");
        }

        @Override
        public int fail(ErrorCode code, String why) {
            message = why;
            return code.number();
        }
    }
}
