package io.nodedb.data.commit;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.feed.EventEmitter;
import io.nodedb.data.partition.Partitions;
import io.nodedb.plan.Call;
import io.nodedb.storage.wal.CoreLog;
import io.nodedb.storage.wal.Effects;
import io.nodedb.storage.wal.RecordEncoder;
import io.nodedb.storage.wal.RecordFormat;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes decided effects into the log and into the engines, and turns the log's acknowledgements
 * into commits.
 *
 * <p>A batch that fits one record is encoded into the WAL ring, applied as pending versions and
 * published; its requests are answered when the acknowledgement with its LSN comes. Effects of a
 * transaction over several cores, and batches too large for one record, are <em>prepared</em>
 * ({@link PreparedTransactions}) and applied only when the log acknowledges COMMIT.
 *
 * <p>When an engine fails at applying, the batch is not published, every engine that it touched is
 * to be rebuilt, and the failure goes to the caller. When the log has failed, every waiting write
 * is answered with STORAGE_FAILED (its outcome is unknown until the restart), pending versions are
 * never stamped, and reads see the durable state.
 */
@CoreOwned
public final class CommitPath {
    /** Fields of an acknowledgement. */
    private static final int ACK_LSN = 0;

    private static final int ACK_TOKEN = 1;
    private static final int ACK_KIND = 2;

    static final String UNKNOWN_UNTIL_RESTART =
            "the log failed while the write waited for it; its outcome is unknown until the restart";

    private final CoreLog log;
    private final LocalCoordinator coordinator;
    private final EngineEffects engines;
    private final EventEmitter emitter;
    private final Answers answers;
    private final WrittenKeys written;
    private final int maxRecordBytes;
    private final PendingBatches pending;
    private final PreparedTransactions prepared;
    private final OpenBatches open;
    private final RecordEncoder encoder = new RecordEncoder();
    private final long[] ack = new long[CoreLog.ACK_STRIDE];
    private long lastLsn;
    private boolean published;
    private boolean failed;

    public CommitPath(
            CoreLog log,
            LocalCoordinator coordinator,
            Partitions partitions,
            EventEmitter emitter,
            Answers answers,
            EngineFaults faults,
            WrittenKeys written,
            MemoryGovernor governor,
            int maxRecordBytes,
            int unacknowledgedBatches) {
        this.log = log;
        this.maxRecordBytes = maxRecordBytes;
        this.coordinator = coordinator;
        this.engines = new EngineEffects(partitions, faults, governor);
        this.emitter = emitter;
        this.answers = answers;
        this.written = written;
        this.pending = new PendingBatches(unacknowledgedBatches);
        this.prepared = new PreparedTransactions(log, coordinator, answers, maxRecordBytes);
        this.open = new OpenBatches(coordinator, engines, prepared.locks());
    }

    /** Batches of commands before they are logged. */
    public OpenBatches openBatches() {
        return open;
    }

    /** Why a commit or a batch's command was last refused with RESOURCES_EXHAUSTED. */
    public String budgetRefusal() {
        return engines.budgetRefusal();
    }

    /** The log has failed: writes are refused, reads are answered from what is durable. */
    public boolean failed() {
        return failed;
    }

    /** The transaction that holds a key, 0 when none. */
    public long lockHolder(int collection, byte[] key, int length, long keyHash) {
        return prepared.locks().holder(collection, key, 0, length, keyHash);
    }

    /** Is any key held by anybody? */
    public boolean anyLocked() {
        return !prepared.locks().isEmpty();
    }

    /** Must a write of the key wait for whoever holds it? */
    public boolean locked(int collection, byte[] bytes, int from, int length, long keyHash) {
        return prepared.locks().holder(collection, bytes, from, length, keyHash) != 0;
    }

    /** Must a read of the key's newest version wait, because that is not decided? */
    public boolean hidden(int collection, byte[] bytes, int from, int length, long keyHash) {
        return prepared.locks().hides(collection, bytes, from, length, keyHash);
    }

    /** Does a transaction hold any of the keys that these effects write? */
    public boolean anyLocked(SectionedEffects effects) {
        return prepared.locks().anyOf(effects);
    }

    /** Locks a key for a write set that takes several quanta to check. */
    public void lock(int collection, byte[] key, long keyHash, long txnId) {
        prepared.locks().lock(collection, key, key.length, keyHash, txnId);
    }

    /** Unlocks a key if this transaction holds it. */
    public void unlock(int collection, byte[] key, long keyHash, long txnId) {
        if (lockHolder(collection, key, key.length, keyHash) == txnId) {
            prepared.locks().unlock(collection, key, key.length, keyHash);
        }
    }

    /** An id for a transaction of this core's own. */
    public long newTransactionId() {
        return coordinator.nextTxnId();
    }

    /** Is the batch not yet durable? Batch 0 always is. */
    public boolean pending(long sequence) {
        return pending.pending(sequence);
    }

    /** Holds an answer until a batch is durable. */
    public void hold(long sequence, Request<Call> request) {
        pending.hold(sequence, request);
    }

    /**
     * Logs and applies a batch.
     *
     * @param request answered when the batch is durable; null for the core's own batches (expiry)
     * @return {@link CommitResult}, or the number of an error and then nothing has changed
     */
    public int commit(
            SectionedEffects effects, @Nullable Request<Call> request, byte source, boolean async) {
        if (pending.full() || prepared.logging()) {
            return CommitResult.WAIT;
        }
        int bytes = RecordFormat.bytes(effects.count(), effects.lengthBytes());
        if (bytes > maxRecordBytes) {
            return commitLarge(effects, request, source, async);
        }
        int at = log.claim(bytes);
        if (at < 0) {
            return CommitResult.WAIT;
        }
        PendingBatch batch = pending.peek();
        try {
            int refused = admit(effects, request);
            if (refused != CommitResult.ACCEPTED) {
                log.abandon();
                return refused;
            }
            int flags = RecordFormat.flags(async ? RecordFormat.ASYNC : 0, source);
            encode(at, effects, flags);
            if (engines.feeds(effects)) {
                batch.feed.copy(effects, source);
            }
            engines.apply(effects, -pending.nextSequence(), batch.versions);
        } catch (Throwable failure) {
            batch.clear();
            log.abandon();
            throw failure;
        }
        // From here on nothing may fail: the sequence is taken and the record is on its way.
        long sequence = pending.open();
        log.publish(sequence);
        published = true;
        if (request != null) {
            batch.hold(request);
        }
        written.written(effects);
        return CommitResult.ACCEPTED;
    }

    /**
     * Logs a participant's part of a transaction and locks its keys; nothing is applied.
     *
     * @param effects taken over: the caller must not use it again
     * @param request answered with the ring position as soon as PREPARE is in the ring
     */
    public int prepare(long txnId, SectionedEffects effects, Request<Call> request, boolean async) {
        int refused = admit(effects, request);
        if (refused == CommitResult.ACCEPTED) {
            prepared.start(
                    new Prepared(txnId, effects, null, request.source, async, request, null));
        }
        return refused;
    }

    private void encode(int at, SectionedEffects effects, int flags) {
        encoder.begin(log.buffer(), at, RecordFormat.BATCH, flags, effects.count(), 0, 0, 0);
        for (int i = 0; i < effects.count(); i++) {
            encoder.section(effects.partition(i), effects.effects(i));
        }
        encoder.end();
    }

    /** Do these effects need more than one record, and so locks until they are decided? */
    public boolean needsDecision(SectionedEffects effects) {
        return RecordFormat.bytes(effects.count(), effects.lengthBytes()) > maxRecordBytes;
    }

    /**
     * Logs an open batch. It is finished when the result is {@link CommitResult#ACCEPTED} or {@link
     * CommitResult#DECIDED_LATER}, and as it was otherwise, also when this throws.
     *
     * @param batch its keys are locked if it {@link #needsDecision}
     */
    public int commit(OpenBatch batch, Request<Call> request, boolean async) {
        if (pending.full() || prepared.logging()) {
            return CommitResult.WAIT;
        }
        SectionedEffects effects = batch.effects;
        if (needsDecision(effects)) {
            if (!request.markLogged()) {
                return ErrorCode.DEADLINE_EXCEEDED.number();
            }
            prepared.start(
                    new Prepared(
                            batch.txnId, effects, batch, request.source, async, null, request));
            return CommitResult.DECIDED_LATER;
        }
        int at = log.claim(RecordFormat.bytes(effects.count(), effects.lengthBytes()));
        if (at < 0) {
            return CommitResult.WAIT;
        }
        PendingBatch next = pending.peek();
        try {
            if (!request.markLogged()) {
                log.abandon();
                return ErrorCode.DEADLINE_EXCEEDED.number();
            }
            encode(at, effects, RecordFormat.flags(async ? RecordFormat.ASYNC : 0, request.source));
            if (engines.feeds(effects)) {
                next.feed.copy(effects, request.source);
            }
        } catch (Throwable failure) {
            next.clear();
            log.abandon();
            throw failure;
        }
        next.versions.takeFrom(batch.versions);
        next.token = batch.token();
        long sequence = pending.open();
        open.logged(batch, sequence);
        log.publish(sequence);
        published = true;
        next.hold(request);
        written.written(effects);
        return CommitResult.ACCEPTED;
    }

    /**
     * Logs an open batch, whose keys are locked, as a participant of a transaction.
     *
     * @param request answered with the ring position as soon as PREPARE is in the ring
     * @return as {@link #commit(OpenBatch, Request, boolean)}
     */
    public int prepare(OpenBatch batch, Request<Call> request, boolean async) {
        if (!request.markLogged()) {
            return ErrorCode.DEADLINE_EXCEEDED.number();
        }
        prepared.start(
                new Prepared(
                        batch.txnId, batch.effects, batch, request.source, async, request, null));
        return CommitResult.ACCEPTED;
    }

    private int commitLarge(
            SectionedEffects effects, @Nullable Request<Call> request, byte source, boolean async) {
        int refused = admit(effects, request);
        if (refused != CommitResult.ACCEPTED) {
            return refused;
        }
        long txnId = coordinator.nextTxnId();
        prepared.start(new Prepared(txnId, effects.detach(), null, source, async, null, request));
        return CommitResult.DECIDED_LATER;
    }

    /** Whatever may still refuse effects that were decided. */
    private int admit(SectionedEffects effects, @Nullable Request<Call> request) {
        int refused = engines.reserve(effects);
        if (refused != CommitResult.ACCEPTED) {
            return refused;
        }
        // Otherwise the lane has answered in the core's place, and nothing may be written any more.
        return request == null || request.markLogged()
                ? CommitResult.ACCEPTED
                : ErrorCode.DEADLINE_EXCEEDED.number();
    }

    /**
     * Puts more of the waiting large write sets into the WAL ring, as far as it has room. @return
     * true when something was put there
     */
    public boolean continueLogging() {
        return prepared.continueLogging();
    }

    /** A large write set waits for room in the WAL ring. */
    public boolean logging() {
        return prepared.logging();
    }

    /** Wakes the log's writer if it was given anything since the last time. */
    public void flush() {
        if (prepared.takePublished() || published) {
            published = false;
            log.flush();
        }
    }

    /** Takes everything from the acknowledgement ring. @return true when there was something */
    public boolean pollAcknowledgements() {
        boolean any = false;
        while (log.pollAck(ack)) {
            any = true;
            switch ((int) ack[ACK_KIND]) {
                case CoreLog.BATCH -> committed(ack[ACK_TOKEN], ack[ACK_LSN]);
                case CoreLog.COMMIT -> decided(ack[ACK_TOKEN], ack[ACK_LSN]);
                case CoreLog.ABORT -> aborted(ack[ACK_TOKEN]);
                case CoreLog.FAILED -> logFailed();
                default ->
                        throw new BugException("acknowledgement of unknown kind " + ack[ACK_KIND]);
            }
        }
        return any;
    }

    private void committed(long sequence, long lsn) {
        if (failed) {
            return;
        }
        lastLsn = lsn;
        PendingBatch batch = pending.acknowledge(sequence);
        if (batch.token != 0) {
            open.durable(batch.token);
        }
        try {
            engines.stamp(batch.versions, lsn);
            batch.feed.emit(emitter, lsn);
        } finally {
            // It is durable whatever happened: nobody may wait for it any longer.
            Request<Call> request = batch.takeWaiters();
            pending.recycle(batch);
            while (request != null) {
                Request<Call> following = request.next;
                request.watermarkLsn = Math.max(request.watermarkLsn, lsn);
                answers.release(request);
                request = following;
            }
        }
    }

    private void decided(long txnId, long lsn) {
        if (failed) {
            return;
        }
        lastLsn = lsn;
        Prepared transaction = prepared.committed(txnId);
        if (transaction == null) {
            return;
        }
        try {
            apply(transaction, lsn);
            written.written(transaction.effects);
            for (int i = 0; i < transaction.effects.count(); i++) {
                Effects section = transaction.effects.effects(i);
                if (engines.feeds(section)) {
                    emitter.emit(
                            lsn,
                            transaction.effects.partition(i),
                            transaction.source,
                            section.bytes(),
                            0,
                            section.length());
                }
            }
        } finally {
            Request<Call> request = transaction.decidedAnswer;
            if (request != null) {
                request.watermarkLsn = lsn;
                answers.sessionGoesOn(request);
                answers.release(request);
            }
        }
    }

    private void apply(Prepared transaction, long lsn) {
        OpenBatch batch = transaction.batch;
        if (batch != null) {
            engines.stamp(batch.versions, lsn);
            return;
        }
        for (int i = 0; i < transaction.effects.count(); i++) {
            engines.applyCommitted(
                    transaction.effects.partition(i), transaction.effects.effects(i), lsn);
        }
    }

    private void aborted(long txnId) {
        Prepared transaction = prepared.aborted(txnId);
        OpenBatch batch = transaction == null ? null : transaction.batch;
        if (batch != null && !failed) {
            engines.undo(batch.versions);
        }
    }

    private void logFailed() {
        if (failed) {
            return;
        }
        failed = true;
        while (!pending.isEmpty()) {
            PendingBatch batch = pending.acknowledge(pending.acknowledgedSequence() + 1);
            Request<Call> request = batch.takeWaiters();
            pending.recycle(batch);
            while (request != null) {
                Request<Call> following = request.next;
                if (request.payload.writes()) {
                    answers.fail(request, ErrorCode.STORAGE_FAILED, UNKNOWN_UNTIL_RESTART);
                } else {
                    answers.executeAgain(request);
                }
                request = following;
            }
        }
        prepared.logFailed();
    }

    /** A barrier behind everything that is under way now. */
    public CommitBarrier barrier() {
        return new CommitBarrier(this, pending.nextSequence() - 1, prepared.ids());
    }

    boolean anyPrepared(Set<Long> transactions) {
        return prepared.anyOf(transactions);
    }

    /** The newest commit that was taken from the acknowledgement ring; 0 when none. */
    long lastLsn() {
        return lastLsn;
    }

    /** Batches on their way through the log. */
    public int pendingBatches() {
        return pending.size();
    }

    /** Nothing waits for the log any more. */
    public boolean quiet() {
        return pending.isEmpty() && prepared.isEmpty();
    }
}
