package io.nodedb.data.maintenance;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.data.core.LogView;
import io.nodedb.data.offload.CoreInbox;
import io.nodedb.data.offload.HelperJob;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.engine.CheckpointCursor;
import io.nodedb.engine.CheckpointSink;
import io.nodedb.engine.ExecutionContext;
import io.nodedb.storage.checkpoint.CheckpointBlock;
import io.nodedb.storage.checkpoint.CheckpointFile;
import io.nodedb.storage.checkpoint.CheckpointFileKind;
import io.nodedb.storage.checkpoint.CheckpointFileWriter;
import io.nodedb.storage.checkpoint.Manifest;
import io.nodedb.storage.checkpoint.ManifestStore;
import io.nodedb.storage.wal.Effects;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One checkpoint of one engine. The core emits changed entries into blocks; a background worker
 * writes them; when all are written and the log is synced up to the highest LSN among them, the
 * manifest is published.
 *
 * <pre>
 *   EMITTING ─► FINISHING ─► AWAITING_SYNC ─► PUBLISHING ─► [MERGING] ─► DONE
 *       └───────────┴── any failure ──┴────────────┴──────► FAILED
 * </pre>
 *
 * <p>Blocks are handed over, and slices merged, no faster than the {@link IoBudget} allows, unless
 * somebody waits for the checkpoint.
 *
 * <p>At most one job of it is with the workers, so the file's writer and the manifest store have
 * one user at a time.
 */
@CoreOwned
final class CheckpointJob implements Checkpoint {
    private enum State {
        EMITTING,
        FINISHING,
        AWAITING_SYNC,
        PUBLISHING,
        MERGING,
        DONE,
        FAILED
    }

    private final EngineSlot slot;
    private final CheckpointService service;
    private final ManifestStore store;
    private final CoreInbox inbox;
    private final LogView log;
    private final BlockPair blocks;
    private final CheckpointCursor cursor;
    private final CheckpointFileKind kind;
    private final long coveredLsn;
    private final long coveredPosition;
    private final IoBudget io;
    private final Sink sink = new Sink();
    private final Append append;

    private State state = State.EMITTING;
    private boolean emitted;
    private boolean published;
    private boolean withWorkers;
    private boolean waitsForBudget;
    private @Nullable CheckpointMerging merging;
    private long mergedBytes;
    private @Nullable CheckpointFileWriter writer;
    private @Nullable CheckpointFile file;
    private @Nullable Throwable failure;

    /**
     * Starts a checkpoint that contains every commit up to {@code coveredLsn}. The blocks are its
     * own until it is {@link #finished}.
     */
    CheckpointJob(
            EngineSlot slot,
            CheckpointService service,
            CoreInbox inbox,
            LogView log,
            IoBudget io,
            BlockPair blocks,
            long coveredLsn) {
        this.slot = slot;
        this.service = service;
        this.store = service.store(slot.partition(), slot.engineId());
        this.inbox = inbox;
        this.log = log;
        this.io = io;
        this.blocks = blocks;
        this.append = new Append();
        blocks.clear();
        this.coveredLsn = coveredLsn;
        this.coveredPosition = log.position();
        Manifest current = store.current();
        boolean full = current == null || current.hasNoBase();
        this.kind = full ? CheckpointFileKind.BASE : CheckpointFileKind.DELTA;
        this.cursor = slot.engine().beginCheckpoint(full);
    }

    /**
     * One slice.
     *
     * @param urgent somebody waits: the I/O is charged, but not held up
     * @return true when there was something to do on this core
     */
    @Override
    public boolean step(ExecutionContext context, long nowNanos, boolean urgent) {
        waitsForBudget = false;
        return switch (state) {
            case EMITTING -> emit(context, nowNanos, urgent);
            case AWAITING_SYNC -> publishWhenSynced();
            case MERGING -> merge(nowNanos, urgent);
            case FINISHING, PUBLISHING, DONE, FAILED -> false;
        };
    }

    private boolean emit(ExecutionContext context, long nowNanos, boolean urgent) {
        boolean worked = false;
        CheckpointBlock filling = blocks.filling();
        if (!emitted && !filling.full()) {
            emitted = cursor.step(sink, context);
            worked = true;
        }
        if (withWorkers) {
            return worked;
        }
        if (filling.full() || (emitted && !filling.isEmpty())) {
            return (mayMove(nowNanos, urgent) && append()) || worked;
        }
        if (emitted) {
            return finish() || worked;
        }
        return worked;
    }

    private boolean mayMove(long nowNanos, boolean urgent) {
        waitsForBudget = !io.mayMove(nowNanos) && !urgent;
        return !waitsForBudget;
    }

    /** It goes on as soon as the I/O budget allows. */
    @Override
    public boolean waitsForBudget() {
        return waitsForBudget;
    }

    private boolean append() {
        append.block = blocks.filling();
        if (append.submit()) {
            io.moved(append.block.length());
            blocks.swap();
            return true;
        }
        return false;
    }

    private boolean finish() {
        Job job =
                new Job() {
                    @Override
                    protected void work() throws Exception {
                        CheckpointFileWriter open = writer;
                        if (open != null) {
                            file = open.finish();
                        }
                    }

                    @Override
                    void succeeded() {
                        state = State.AWAITING_SYNC;
                    }
                };
        if (job.submit()) {
            state = State.FINISHING;
            return true;
        }
        return false;
    }

    private boolean publishWhenSynced() {
        CheckpointFile finished = file;
        long highest = Math.max(coveredLsn, finished == null ? 0 : finished.highestLsn());
        long synced = log.syncedLsn();
        if (synced < highest) {
            if (log.failed()) {
                fail(
                        new NodeDbException(
                                ErrorCode.STORAGE_FAILED, "the log failed: " + log.failure()));
                return true;
            }
            return false;
        }
        Job job =
                new Job() {
                    @Override
                    protected void work() throws Exception {
                        Manifest current = store.current();
                        if (current == null) {
                            current = Manifest.empty(store.owner(), service.incarnation());
                        }
                        Manifest next;
                        if (finished == null) {
                            next = current.withCovered(coveredLsn, service.incarnation());
                        } else if (kind == CheckpointFileKind.BASE) {
                            next = current.withBase(finished, coveredLsn, service.incarnation());
                        } else {
                            next = current.withDelta(finished, coveredLsn, service.incarnation());
                        }
                        store.publish(next, synced);
                    }

                    @Override
                    void succeeded() {
                        published = true;
                        if (!slot.recovering()) {
                            cursor.published();
                        }
                        slot.setCovered(coveredLsn, coveredPosition);
                        service.covered(slot.partition(), slot.engineId(), coveredLsn);
                        afterPublishing();
                    }
                };
        if (job.submit()) {
            state = State.PUBLISHING;
            return true;
        }
        return false;
    }

    /**
     * The checkpoint counts. When its deltas have outgrown its base, or are too many, workers merge
     * them; failing to do so costs disk space only.
     */
    private void afterPublishing() {
        Manifest current = store.current();
        if (current != null && service.mergeDue(current) && !slot.recovering()) {
            merging = service.merging(store, current);
            state = State.MERGING;
        } else {
            state = State.DONE;
        }
    }

    private boolean merge(long nowNanos, boolean urgent) {
        CheckpointMerging work = merging;
        if (work == null || withWorkers || !mayMove(nowNanos, urgent)) {
            return false;
        }
        Job job =
                new Job() {
                    private boolean ended;

                    @Override
                    protected void work() throws Exception {
                        ended = work.step(io.pieceBytes());
                    }

                    @Override
                    void succeeded() {
                        io.moved(work.movedBytes() - mergedBytes);
                        mergedBytes = work.movedBytes();
                        if (ended) {
                            state = State.DONE;
                        }
                    }
                };
        return job.submit();
    }

    /** It has ended, and nobody works on the folder for it any more. */
    @Override
    public boolean finished() {
        return (state == State.DONE || state == State.FAILED) && !withWorkers;
    }

    /** Why it failed; null when it did not, or was cancelled. */
    @Override
    public @Nullable Throwable failure() {
        return failure;
    }

    /** The manifest was published, whatever came of merging. */
    @Override
    public boolean published() {
        return published;
    }

    /** Whose collection it emits now. */
    @Override
    public int tenant() {
        return cursor.tenant();
    }

    @Override
    public EngineSlot slot() {
        return slot;
    }

    /** Gives up: what was emitted counts as changed again, the file goes. */
    @Override
    public void fail(Throwable why) {
        if (state == State.DONE || state == State.FAILED) {
            return;
        }
        failure = why;
        state = State.FAILED;
        if (!published) {
            discard();
            cursor.abandoned();
        }
    }

    /**
     * The engine is broken and will be replaced: its cursor is not touched any more. A publish that
     * a worker has begun comes to its end, a merge ends with the slice that is under way. To be
     * called again until it is {@link #finished}.
     */
    @Override
    public void cancel() {
        if (state == State.EMITTING || state == State.FINISHING || state == State.AWAITING_SYNC) {
            state = State.FAILED;
            discard();
        }
        CheckpointMerging work = merging;
        if (state == State.MERGING && work != null && !withWorkers) {
            Job job =
                    new Job() {
                        @Override
                        protected void work() throws Exception {
                            work.abandon();
                        }

                        @Override
                        void succeeded() {
                            state = State.DONE;
                        }
                    };
            boolean ignored = job.submit();
        }
    }

    /** Deletes the file, when no worker is writing it. */
    private void discard() {
        CheckpointFileWriter open = writer;
        if (open == null || withWorkers) {
            return;
        }
        writer = null;
        Job job =
                new Job() {
                    @Override
                    protected void work() throws Exception {
                        store.discard(open);
                    }

                    @Override
                    void succeeded() {}
                };
        // A full queue leaves the file behind; it is deleted when the folder is opened next.
        job.submit();
    }

    /** Work on the file; its failure fails the checkpoint. */
    private abstract class Job extends HelperJob {
        Job() {
            super(inbox);
        }

        abstract void succeeded();

        boolean submit() {
            boolean accepted = service.workers().submit(this);
            withWorkers = accepted;
            return accepted;
        }

        @Override
        protected void finished(@Nullable Throwable thrown) {
            withWorkers = false;
            if (state == State.FAILED) {
                discard();
                return;
            }
            if (thrown == null) {
                succeeded();
            } else {
                fail(thrown);
            }
        }
    }

    /** Writes a block. One for the whole checkpoint: only one is under way at a time. */
    private final class Append extends Job {
        private @Nullable CheckpointBlock block;

        @Override
        protected void work() throws Exception {
            CheckpointFileWriter open = writer;
            if (open == null) {
                open = store.newFile(kind);
                writer = open;
            }
            open.append(filled());
        }

        @Override
        void succeeded() {
            filled().clear();
        }

        private CheckpointBlock filled() {
            return Objects.requireNonNull(block);
        }
    }

    private final class Sink implements CheckpointSink {
        @Override
        public boolean full() {
            return blocks.filling().full();
        }

        @Override
        public Effects block() {
            return blocks.filling().effects();
        }

        @Override
        public void entryAdded(long lsn) {
            blocks.filling().entryAdded(lsn);
        }
    }
}
