package io.nodedb.data.commit;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ids.KeyHash;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.data.feed.EventEmitter;
import io.nodedb.data.partition.EngineSlot;
import io.nodedb.data.partition.Partitions;
import io.nodedb.plan.Call;
import io.nodedb.plan.commit.CommitCall;
import io.nodedb.storage.wal.CoreLog;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import io.nodedb.storage.wal.Effects;
import io.nodedb.storage.wal.RecordEncoder;
import io.nodedb.storage.wal.RecordFormat;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes decided effects into the log and into the engines, and turns the log's acknowledgements
 * into commits.
 *
 * <p>A batch that fits one record is encoded into the WAL ring, applied as pending versions and
 * published; its requests are answered when the acknowledgement with its LSN comes. Effects of a
 * transaction over several cores, and batches too large for one record, are <em>prepared</em>:
 * logged as PART and PREPARE records under locks on their keys, and applied only when the log
 * acknowledges COMMIT. For a large batch the core is its own coordinator.
 *
 * <p>When the log has failed, every waiting write is answered with STORAGE_FAILED (its outcome is
 * unknown until the restart), pending versions are never stamped, and reads see the durable state.
 */
@CoreOwned
public final class CommitPath {
    /** Content of one PART record. */
    private static final int PART_BYTES = 128 * 1024;

    /** Fields of an acknowledgement. */
    private static final int ACK_LSN = 0;

    private static final int ACK_TOKEN = 1;
    private static final int ACK_KIND = 2;

    private static final String UNKNOWN_UNTIL_RESTART =
            "the log failed while the write waited for it; its outcome is unknown until the restart";

    private final CoreLog log;
    private final LocalCoordinator coordinator;
    private final Partitions partitions;
    private final EventEmitter emitter;
    private final Answers answers;
    private final EngineFaults faults;

    private final int maxRecordBytes;
    private final PendingBatches pending;
    private final KeyLocks locks = new KeyLocks();
    private final Map<Long, Prepared> prepared = new HashMap<>();

    /** Prepared write sets whose records are not all in the ring yet, in order. */
    private final java.util.ArrayDeque<Prepared> logging = new java.util.ArrayDeque<>();

    private final RecordEncoder encoder = new RecordEncoder();
    private final EffectReader reader = new EffectReader();
    private final long[] ack = new long[CoreLog.ACK_STRIDE];
    private boolean failed;

    public CommitPath(
            CoreLog log,
            LocalCoordinator coordinator,
            Partitions partitions,
            EventEmitter emitter,
            Answers answers,
            EngineFaults faults,
            int maxRecordBytes,
            int unacknowledgedBatches) {
        this.log = log;
        this.maxRecordBytes = maxRecordBytes;
        this.coordinator = coordinator;
        this.partitions = partitions;
        this.emitter = emitter;
        this.answers = answers;
        this.faults = faults;
        this.pending = new PendingBatches(unacknowledgedBatches);
    }

    /** The log has failed: writes are refused, reads are answered from what is durable. */
    public boolean failed() {
        return failed;
    }

    /** The transaction that holds a key, 0 when none. */
    public long lockHolder(int collection, byte[] key, int length, long keyHash) {
        return locks.isEmpty() ? 0 : locks.holder(collection, key, length, keyHash);
    }

    /** Does a prepared transaction hold any of the keys that these effects write? */
    public boolean anyLocked(SectionedEffects effects) {
        if (locks.isEmpty()) {
            return false;
        }
        for (int i = 0; i < effects.count(); i++) {
            Effects section = effects.effects(i);
            reader.wrap(section.bytes(), 0, section.length());
            while (reader.next()) {
                byte[] key = keyOf(reader);
                if (locks.holder(reader.collection(), key, key.length, KeyHash.of(key)) != 0) {
                    return true;
                }
            }
        }
        return false;
    }

    private static byte[] keyOf(EffectReader effect) {
        return java.util.Arrays.copyOfRange(
                effect.buffer(), effect.keyOffset(), effect.keyOffset() + effect.keyLength());
    }

    /** Locks a key for a write set that takes several quanta to check. */
    public void lock(int collection, byte[] key, long keyHash, long txnId) {
        locks.lock(collection, key, key.length, keyHash, txnId);
    }

    public void unlock(int collection, byte[] key, long keyHash) {
        locks.unlock(collection, key, key.length, keyHash);
    }

    /** Is the batch not yet durable? */
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
     * @return {@link CommitResult}, or OUT_OF_MEMORY
     */
    public int commit(
            SectionedEffects effects, @Nullable Request<Call> request, byte source, boolean async) {
        if (pending.full() || !logging.isEmpty()) {
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
        if (!reserve(effects)) {
            log.abandon();
            return ErrorCode.OUT_OF_MEMORY.number();
        }
        if (request != null && !request.markLogged()) {
            // The lane has answered DEADLINE_EXCEEDED in the core's place: nothing may be written
            // any more.
            log.abandon();
            return ErrorCode.DEADLINE_EXCEEDED.number();
        }
        encode(at, RecordFormat.BATCH, 0, effects, source, async);
        PendingBatch batch = pending.peek();
        long sequence = pending.nextSequence();
        if (!apply(effects, -sequence, batch.versions)) {
            batch.clear();
            log.abandon();
            return ErrorCode.COLLECTION_RECOVERING.number();
        }
        pending.open();
        if (feeds(effects)) {
            batch.feed.copy(effects, source);
        }
        log.publish(sequence);
        if (request != null) {
            batch.hold(request);
        }
        return CommitResult.ACCEPTED;
    }

    /**
     * Logs a participant's part of a transaction and locks its keys; nothing is applied.
     *
     * @param effects taken over: the caller must not use it again
     * @param request answered with the ring position as soon as PREPARE is in the ring
     */
    public int prepare(long txnId, SectionedEffects effects, Request<Call> request, boolean async) {
        if (!reserve(effects)) {
            return ErrorCode.OUT_OF_MEMORY.number();
        }
        start(new Prepared(txnId, effects, request.source, async, request, null));
        return CommitResult.ACCEPTED;
    }

    private int commitLarge(
            SectionedEffects effects, @Nullable Request<Call> request, byte source, boolean async) {
        if (!reserve(effects)) {
            return ErrorCode.OUT_OF_MEMORY.number();
        }
        if (request != null && !request.markLogged()) {
            return ErrorCode.DEADLINE_EXCEEDED.number();
        }
        start(
                new Prepared(
                        coordinator.nextTxnId(), effects.detach(), source, async, null, request));
        return CommitResult.ACCEPTED;
    }

    private void start(Prepared transaction) {
        forEachKey(transaction, true);
        transaction.usesParts =
                RecordFormat.bytes(transaction.effects.count(), transaction.effects.lengthBytes())
                        > maxRecordBytes;
        prepared.put(transaction.txnId, transaction);
        logging.add(transaction);
        continueLogging();
    }

    /**
     * Puts more of the waiting large write sets into the WAL ring, as far as it has room. @return
     * true when something was put there
     */
    public boolean continueLogging() {
        boolean progressed = false;
        while (!logging.isEmpty()) {
            Prepared transaction = logging.getFirst();
            while (transaction.usesParts
                    && transaction.loggedSection < transaction.effects.count()) {
                if (!logPart(transaction)) {
                    return progressed;
                }
                progressed = true;
            }
            if (!logPrepare(transaction)) {
                return progressed;
            }
            progressed = true;
            logging.removeFirst();
        }
        return progressed;
    }

    private boolean logPart(Prepared transaction) {
        Effects section = transaction.effects.effects(transaction.loggedSection);
        int length =
                Math.min(
                        Math.min(PART_BYTES, maxRecordBytes / 2),
                        section.length() - transaction.loggedBytes);
        int at = log.claim(RecordFormat.partBytes(length));
        if (at < 0) {
            return false;
        }
        int flags =
                RecordFormat.flags(transaction.async ? RecordFormat.ASYNC : 0, transaction.source);
        encoder.begin(log.buffer(), at, RecordFormat.PART, flags, 1, transaction.txnId, 0, 0);
        encoder.partSection(
                transaction.effects.partition(transaction.loggedSection),
                transaction.nextPart++,
                section.bytes(),
                transaction.loggedBytes,
                length);
        encoder.end();
        log.publish(0);
        transaction.loggedBytes += length;
        if (transaction.loggedBytes == section.length()) {
            transaction.loggedSection++;
            transaction.loggedBytes = 0;
            transaction.nextPart = 0;
        }
        return true;
    }

    private boolean logPrepare(Prepared transaction) {
        SectionedEffects effects = transaction.effects;
        int sectionBytes = transaction.usesParts ? 0 : effects.lengthBytes();
        int at = log.claim(RecordFormat.bytes(effects.count(), sectionBytes));
        if (at < 0) {
            return false;
        }
        if (transaction.usesParts) {
            int flags =
                    RecordFormat.flags(
                            transaction.async ? RecordFormat.ASYNC : 0, transaction.source);
            encoder.begin(
                    log.buffer(),
                    at,
                    RecordFormat.PREPARE,
                    flags,
                    effects.count(),
                    transaction.txnId,
                    0,
                    0);
            for (int i = 0; i < effects.count(); i++) {
                encoder.emptySection(effects.partition(i));
            }
            encoder.end();
        } else {
            encode(
                    at,
                    RecordFormat.PREPARE,
                    transaction.txnId,
                    effects,
                    transaction.source,
                    transaction.async);
        }
        long position = log.publish(0);
        transaction.prepared = true;
        Request<Call> request = transaction.preparedAnswer;
        if (request != null) {
            ((CommitCall) request.payload).ringPosition = position;
            answers.release(request);
        } else {
            coordinator.commit(
                    transaction.txnId, effects, position, transaction.source, transaction.async);
        }
        return true;
    }

    private void encode(
            int at, int type, long txnId, SectionedEffects effects, byte source, boolean async) {
        int flags = RecordFormat.flags(async ? RecordFormat.ASYNC : 0, source);
        encoder.begin(log.buffer(), at, type, flags, effects.count(), txnId, 0, 0);
        for (int i = 0; i < effects.count(); i++) {
            encoder.section(effects.partition(i), effects.effects(i));
        }
        encoder.end();
    }

    /** Takes everything from the acknowledgement ring. @return true when there was something */
    public boolean pollAcknowledgements() {
        boolean any = false;
        while (log.pollAck(ack)) {
            any = true;
            switch ((int) ack[ACK_KIND]) {
                case CoreLog.BATCH -> committed(ack[ACK_TOKEN], ack[ACK_LSN]);
                case CoreLog.COMMIT -> decided(ack[ACK_TOKEN], ack[ACK_LSN]);
                case CoreLog.ABORT -> dropped(ack[ACK_TOKEN]);
                case CoreLog.FAILED -> logFailed();
                default ->
                        throw new io.nodedb.base.errors.BugException(
                                "acknowledgement of unknown kind " + ack[ACK_KIND]);
            }
        }
        return any;
    }

    private void committed(long sequence, long lsn) {
        if (sequence == 0 || failed) {
            return;
        }
        PendingBatch batch = pending.acknowledge(sequence);
        AppliedVersions versions = batch.versions;
        for (int i = 0; i < versions.size(); i++) {
            EngineSlot slot = versions.slot(i);
            if (slot.recovering()) {
                continue;
            }
            try {
                slot.engine().stamp(versions.collection(i), versions.handle(i), lsn);
            } catch (Throwable failure) {
                slot.markRecovering();
                faults.engineFailed(slot, "stamp", failure);
            }
        }
        batch.feed.emit(emitter, lsn);
        Request<Call> request = batch.takeWaiters();
        batch.clear();
        while (request != null) {
            Request<Call> following = request.next;
            request.watermarkLsn = Math.max(request.watermarkLsn, lsn);
            answers.release(request);
            request = following;
        }
    }

    private void decided(long txnId, long lsn) {
        Prepared transaction = prepared.remove(txnId);
        if (transaction == null || failed) {
            return;
        }
        forEachKey(transaction, false);
        for (int i = 0; i < transaction.effects.count(); i++) {
            int partition = transaction.effects.partition(i);
            Effects section = transaction.effects.effects(i);
            applyCommitted(partition, section, lsn);
            if (feeds(section)) {
                emitter.emit(
                        lsn, partition, transaction.source, section.bytes(), 0, section.length());
            }
        }
        Request<Call> request = transaction.decidedAnswer;
        if (request != null) {
            request.watermarkLsn = lsn;
            answers.release(request);
        }
    }

    private void applyCommitted(int partition, Effects section, long lsn) {
        reader.wrap(section.bytes(), 0, section.length());
        while (reader.next()) {
            EngineSlot slot = partitions.slot(partition, reader.engine());
            if (slot.recovering() || !partitions.known(reader.collection())) {
                continue;
            }
            try {
                slot.engine().apply(reader, lsn);
            } catch (Throwable failure) {
                slot.markRecovering();
                faults.engineFailed(slot, "apply", failure);
            }
        }
    }

    private void dropped(long txnId) {
        Prepared transaction = prepared.remove(txnId);
        if (transaction != null) {
            forEachKey(transaction, false);
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
            batch.clear();
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
        for (Prepared transaction : prepared.values()) {
            Request<Call> request = transaction.decidedAnswer;
            if (request == null && !transaction.prepared) {
                request = transaction.preparedAnswer;
            }
            if (request != null) {
                answers.fail(request, ErrorCode.STORAGE_FAILED, UNKNOWN_UNTIL_RESTART);
            }
        }
        prepared.clear();
        logging.clear();
    }

    /** Makes sure that applying can't fail for want of memory. */
    private boolean reserve(SectionedEffects effects) {
        for (int i = 0; i < effects.count(); i++) {
            Effects section = effects.effects(i);
            reader.wrap(section.bytes(), 0, section.length());
            int engine = 0;
            int operations = 0;
            long bytes = 0;
            while (reader.next()) {
                if (reader.engine() != engine && operations > 0) {
                    if (!partitions
                            .slot(effects.partition(i), engine)
                            .engine()
                            .reserve(operations, bytes)) {
                        return false;
                    }
                    operations = 0;
                    bytes = 0;
                }
                engine = reader.engine();
                operations++;
                bytes += reader.kind() == EffectFormat.DELETE ? 0 : reader.operationBytes();
            }
            if (operations > 0
                    && !partitions
                            .slot(effects.partition(i), engine)
                            .engine()
                            .reserve(operations, bytes)) {
                return false;
            }
        }
        return true;
    }

    /** Applies all sections as pending. On a failure the engines that were touched recover. */
    private boolean apply(SectionedEffects effects, long stamp, AppliedVersions versions) {
        for (int i = 0; i < effects.count(); i++) {
            Effects section = effects.effects(i);
            reader.wrap(section.bytes(), 0, section.length());
            while (reader.next()) {
                EngineSlot slot = partitions.slot(effects.partition(i), reader.engine());
                try {
                    versions.add(slot, reader.collection(), slot.engine().apply(reader, stamp));
                } catch (Throwable failure) {
                    for (int j = 0; j < versions.size(); j++) {
                        EngineSlot touched = versions.slot(j);
                        if (!touched.recovering() && touched != slot) {
                            touched.markRecovering();
                            faults.engineFailed(touched, "apply", failure);
                        }
                    }
                    slot.markRecovering();
                    faults.engineFailed(slot, "apply", failure);
                    return false;
                }
            }
        }
        return true;
    }

    private boolean feeds(SectionedEffects effects) {
        for (int i = 0; i < effects.count(); i++) {
            if (feeds(effects.effects(i))) {
                return true;
            }
        }
        return false;
    }

    private boolean feeds(Effects section) {
        reader.wrap(section.bytes(), 0, section.length());
        while (reader.next()) {
            if (partitions.hasFeed(reader.collection())) {
                return true;
            }
        }
        return false;
    }

    private void forEachKey(Prepared transaction, boolean lock) {
        for (int i = 0; i < transaction.effects.count(); i++) {
            Effects section = transaction.effects.effects(i);
            reader.wrap(section.bytes(), 0, section.length());
            while (reader.next()) {
                byte[] key = keyOf(reader);
                long hash = KeyHash.of(key);
                if (lock) {
                    locks.lock(reader.collection(), key, key.length, hash, transaction.txnId);
                } else {
                    locks.unlock(reader.collection(), key, key.length, hash);
                }
            }
        }
    }

    /** A barrier behind everything that is under way now. */
    public CommitBarrier barrier() {
        return new CommitBarrier(this, pending.nextSequence() - 1, Set.copyOf(prepared.keySet()));
    }

    boolean anyPrepared(Set<Long> transactions) {
        for (Long transaction : transactions) {
            if (prepared.containsKey(transaction)) {
                return true;
            }
        }
        return false;
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
