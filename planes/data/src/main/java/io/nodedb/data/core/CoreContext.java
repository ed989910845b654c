package io.nodedb.data.core;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.Lsn;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.commit.OpenBatch;
import io.nodedb.data.commit.OpenBatches;
import io.nodedb.data.commit.SectionedEffects;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.plan.Call;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.wal.Effects;
import java.util.function.LongPredicate;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** The one execution context of a core, set up anew for each quantum. */
@CoreOwned
final class CoreContext implements BackgroundContext {
    /** A typical operation fits. */
    private static final int INITIAL_BYTES = 256;

    private final TimeSource time;
    private final LongPredicate pending;
    private final LongUnaryOperator sequenceOf;
    private final long leaseNanos;
    private final SectionedEffects own = new SectionedEffects();
    private final Effects scratch = new Effects(INITIAL_BYTES);

    private SectionedEffects sections = own;
    private long nowMillis;
    private long readLsn;
    private long quantumEndNanos;
    private int partition;
    private boolean readOnly;
    private long dependsOn;
    private boolean sawUndecided;
    private long ownBatch;
    private boolean whole;
    private @Nullable String message;
    private @Nullable Request<Call> request;
    private @Nullable Chunk chunk;
    private @Nullable Runnable read;
    private @Nullable BlockRequests spareBlocks;

    /**
     * {@code pending} tells whether a batch is still on its way through the log, {@code sequenceOf}
     * its sequence by what its versions carry, or {@link OpenBatches#UNDECIDED}. {@code leaseNanos}
     * is how long an answer that has begun may stand still.
     */
    CoreContext(
            TimeSource time, LongPredicate pending, LongUnaryOperator sequenceOf, long leaseNanos) {
        this.time = time;
        this.leaseNanos = leaseNanos;
        this.pending = pending;
        this.sequenceOf = sequenceOf;
    }

    /** Prepares for one quantum of a request (or, with null, of background work). */
    void begin(@Nullable Request<Call> request, long readLsn, long quantumEndNanos) {
        this.request = request;
        this.readLsn = readLsn;
        this.nowMillis = readLsn == 0 ? time.epochMillis() : Lsn.millis(readLsn);
        this.quantumEndNanos = quantumEndNanos;
        this.dependsOn = request == null ? 0 : request.dependsOn;
        this.message = null;
        this.read = null;
        this.readOnly = false;
        this.sawUndecided = false;
        this.ownBatch = 0;
        this.whole = false;
        sections = own;
        own.reset();
    }

    /** Ends a quantum: what it told of is remembered for the next, and no chunk stays taken. */
    void end() {
        Request<Call> current = request;
        if (current != null) {
            current.dependsOn = dependsOn;
            Chunk unsent = chunk;
            if (unsent != null) {
                chunk = null;
                current.port.discard(unsent);
            }
        }
    }

    /** The request has its answer, or will begin anew: it waits for no blocks any more. */
    void releaseBlocks(Request<Call> of) {
        if (of.parked instanceof BlockRequests blocks) {
            of.parked = null;
            blocks.clear();
            spareBlocks = blocks;
        }
    }

    /** One part of the request has what it needed; the next may need other blocks. */
    void clearBlocks() {
        Request<Call> current = request;
        if (current != null && current.parked instanceof BlockRequests blocks) {
            blocks.clear();
        }
    }

    @Override
    public BlockRequests blocks() {
        Request<Call> current = java.util.Objects.requireNonNull(request);
        if (current.parked instanceof BlockRequests blocks) {
            return blocks;
        }
        BlockRequests spare = spareBlocks;
        spareBlocks = null;
        BlockRequests taken = spare == null ? new BlockRequests() : spare;
        current.parked = taken;
        return taken;
    }

    /** Effects that follow belong to this partition. */
    void usePartition(int partition) {
        this.partition = partition;
    }

    /** Effects that follow go to these sections, to that of this partition. */
    void collectInto(SectionedEffects target, int partition) {
        this.sections = target;
        this.partition = partition;
    }

    /**
     * What follows may append effects only to a scratch buffer: for look-ups in the middle of a
     * write.
     */
    void readOnly(boolean readOnly) {
        this.readOnly = readOnly;
    }

    /** What follows are commands of this open batch: they see its versions, and answer whole. */
    void executeIn(OpenBatch batch) {
        ownBatch = batch.token();
        whole = true;
    }

    /** Something was read that may yet be taken back: the answer must not be given. */
    boolean sawUndecided() {
        return sawUndecided;
    }

    @Override
    public void beginBackground(long sliceEndNanos) {
        begin(null, 0, sliceEndNanos);
    }

    @Override
    public void useSlot(EngineSlot slot) {
        own.reset();
        partition = slot.partition();
    }

    @Override
    public SectionedEffects sections() {
        return sections;
    }

    long dependsOn() {
        return dependsOn;
    }

    String message() {
        return message == null ? "" : message;
    }

    @Nullable Runnable takeRead() {
        Runnable wanted = read;
        read = null;
        return wanted;
    }

    @Override
    public long nowMillis() {
        return nowMillis;
    }

    @Override
    public long readLsn() {
        return readLsn;
    }

    @Override
    public boolean quantumOver() {
        return time.nanoTime() - quantumEndNanos >= 0;
    }

    @Override
    public Effects effects() {
        if (readOnly) {
            scratch.reset();
            return scratch;
        }
        return sections.section(partition);
    }

    @Override
    public void dependsOn(long batchSequence) {
        long sequence = sequenceOf.applyAsLong(batchSequence);
        if (sequence == OpenBatches.UNDECIDED) {
            sawUndecided |= batchSequence != ownBatch;
        } else if (pending.test(sequence)) {
            dependsOn = Math.max(dependsOn, sequence);
        }
    }

    @Override
    public boolean inParts() {
        return !whole;
    }

    @Override
    public byte @Nullable [] takeChunk() {
        Request<Call> current = request;
        if (current == null) {
            return null;
        }
        if (whole || sawUndecided || pending.test(dependsOn)) {
            // What is sent can't be held back; the answer must not tell what may still vanish.
            return null;
        }
        Chunk free = current.port.takeFreeChunk(current);
        chunk = free;
        return free == null ? null : free.bytes;
    }

    @Override
    public void sendChunk(int length) {
        Chunk filled = java.util.Objects.requireNonNull(chunk);
        filled.length = length;
        chunk = null;
        Request<Call> current = java.util.Objects.requireNonNull(request);
        // What has begun must not be broken off while its reader goes on, however slowly.
        current.extendDeadline(time.nanoTime() + leaseNanos);
        current.port.pushPartial(filled);
    }

    @Override
    public void readElsewhere(Runnable blockingRead) {
        read = blockingRead;
    }

    @Override
    public int fail(ErrorCode code, String why) {
        message = why;
        return code.number();
    }
}
