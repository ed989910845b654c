package io.nodedb.data.commit;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import io.nodedb.plan.commit.ParticipantCall;
import io.nodedb.storage.wal.CoreLog;
import io.nodedb.storage.wal.Effects;
import io.nodedb.storage.wal.RecordEncoder;
import io.nodedb.storage.wal.RecordFormat;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Write sets whose outcome the log will tell: participants of transactions over several cores, and
 * writes too large for one record, whose coordinator is the core itself. Each holds locks on its
 * keys, is logged as PARTs (when it is large) and a PREPARE as the WAL ring has room, and is
 * applied only after its COMMIT.
 *
 * <p>A batch of commands ({@link OpenBatch}) is applied as pending before it comes here; the
 * decision stamps its versions or takes them back.
 *
 * <p>Parts are slices of the encoded operations and may cut one; replay puts them together.
 */
@CoreOwned
final class PreparedTransactions {
    /** Content of one PART record. */
    private static final int PART_BYTES = 128 * 1024;

    private final CoreLog log;
    private final LocalCoordinator coordinator;
    private final Answers answers;
    private final int maxRecordBytes;
    private final KeyLocks locks = new KeyLocks();
    private final Map<Long, Prepared> transactions = new HashMap<>();

    /** Those whose records are not all in the ring yet, in order. */
    private final ArrayDeque<Prepared> logging = new ArrayDeque<>();

    private final RecordEncoder encoder = new RecordEncoder();
    private boolean published;

    PreparedTransactions(
            CoreLog log, LocalCoordinator coordinator, Answers answers, int maxRecordBytes) {
        this.log = log;
        this.coordinator = coordinator;
        this.answers = answers;
        this.maxRecordBytes = maxRecordBytes;
    }

    KeyLocks locks() {
        return locks;
    }

    /** Locks the transaction's keys and begins to log it. */
    void start(Prepared transaction) {
        Check.that(
                transaction.txnId != 0 && !transactions.containsKey(transaction.txnId),
                "a transaction is prepared once, under an id of its own",
                transaction.txnId);
        if (transaction.batch == null) {
            locks.lockAll(transaction.effects, transaction.txnId);
        }
        SectionedEffects effects = transaction.effects;
        transaction.usesParts =
                RecordFormat.bytes(effects.count(), effects.lengthBytes()) > maxRecordBytes;
        transactions.put(transaction.txnId, transaction);
        logging.add(transaction);
        continueLogging();
    }

    /** A write set waits for room in the WAL ring. */
    boolean logging() {
        return !logging.isEmpty();
    }

    /** Puts more into the WAL ring, as far as it has room. @return true when something was put */
    boolean continueLogging() {
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
        int left = section.length() - transaction.loggedBytes;
        int length = Math.min(Math.min(PART_BYTES, maxRecordBytes / 2), left);
        int at = log.claim(RecordFormat.partBytes(length));
        if (at < 0) {
            return false;
        }
        encoder.begin(
                log.buffer(),
                at,
                RecordFormat.PART,
                transaction.flags(),
                1,
                transaction.txnId,
                0,
                0);
        encoder.partSection(
                transaction.effects.partition(transaction.loggedSection),
                transaction.nextPart++,
                section.bytes(),
                transaction.loggedBytes,
                length);
        encoder.end();
        publish();
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
        encoder.begin(
                log.buffer(),
                at,
                RecordFormat.PREPARE,
                transaction.flags(),
                effects.count(),
                transaction.txnId,
                0,
                0);
        for (int i = 0; i < effects.count(); i++) {
            if (transaction.usesParts) {
                encoder.emptySection(effects.partition(i));
            } else {
                encoder.section(effects.partition(i), effects.effects(i));
            }
        }
        encoder.end();
        long position = publish();
        transaction.prepared = true;
        Request<Call> request = transaction.preparedAnswer;
        if (request != null) {
            ((ParticipantCall) request.payload).ringPosition = position;
            answers.release(request);
        } else {
            coordinator.commit(
                    transaction.txnId, effects, position, transaction.source, transaction.async);
        }
        return true;
    }

    private long publish() {
        published = true;
        return log.publish(0);
    }

    /** Was anything put into the ring since the last call? */
    boolean takePublished() {
        boolean was = published;
        published = false;
        return was;
    }

    /**
     * COMMIT is in the log: the transaction, unlocked, to be applied; null when it is not known.
     */
    @Nullable Prepared committed(long txnId) {
        Prepared transaction = transactions.remove(txnId);
        if (transaction != null) {
            unlock(transaction);
        }
        return transaction;
    }

    private void unlock(Prepared transaction) {
        OpenBatch batch = transaction.batch;
        if (batch == null) {
            locks.unlockAll(transaction.effects, transaction.txnId);
        } else {
            locks.release(batch.locked);
        }
    }

    /**
     * ABORT is in the log; possibly before PREPARE was, if the coordinator did not wait for it.
     * What it has applied is the caller's to take back.
     */
    @Nullable Prepared aborted(long txnId) {
        Prepared transaction = committed(txnId);
        if (transaction != null && logging.remove(transaction)) {
            Request<Call> request = transaction.preparedAnswer;
            if (request != null) {
                answers.fail(request, ErrorCode.CONFLICT, "the transaction was aborted");
            }
        }
        return transaction;
    }

    /** The log has failed: what waits for it is told so. */
    void logFailed() {
        for (Prepared transaction : transactions.values()) {
            unlock(transaction);
            Request<Call> request = transaction.decidedAnswer;
            if (request != null) {
                answers.sessionGoesOn(request);
            } else if (!transaction.prepared) {
                request = transaction.preparedAnswer;
            }
            if (request != null) {
                answers.fail(request, ErrorCode.STORAGE_FAILED, CommitPath.UNKNOWN_UNTIL_RESTART);
            }
        }
        transactions.clear();
        logging.clear();
    }

    Set<Long> ids() {
        return Set.copyOf(transactions.keySet());
    }

    boolean anyOf(Set<Long> ids) {
        for (Long id : ids) {
            if (transactions.containsKey(id)) {
                return true;
            }
        }
        return false;
    }

    boolean isEmpty() {
        return transactions.isEmpty();
    }
}
