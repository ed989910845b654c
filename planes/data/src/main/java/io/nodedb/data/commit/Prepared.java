package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import io.nodedb.storage.wal.RecordFormat;
import org.jspecify.annotations.Nullable;

/**
 * A transaction, or a large write, that this core has checked and logged (or is logging) and whose
 * outcome the log will tell. Its effects wait here, or are applied as pending ({@link #batch}), and
 * its keys are locked.
 *
 * <pre>
 *   LOGGING ──all parts and PREPARE are in the ring──► PREPARED ──acknowledgement──► applied | dropped
 *                                                                         (or stamped | undone)
 * </pre>
 */
@CoreOwned
final class Prepared {
    final long txnId;

    /** The transaction's own copy. */
    final SectionedEffects effects;

    /** When its effects are applied as pending already: with its versions and locks. */
    final @Nullable OpenBatch batch;

    final byte source;
    final boolean async;

    /**
     * To answer when it is decided: only for a large write, whose coordinator is the core itself.
     */
    final @Nullable Request<Call> decidedAnswer;

    /** To answer with the ring position once PREPARE is in the ring. */
    final @Nullable Request<Call> preparedAnswer;

    /** How far its parts are in the ring: whole sections, bytes of the next, parts of the next. */
    int loggedSection;

    int loggedBytes;
    int nextPart;

    /** PREPARE is in the ring. */
    boolean prepared;

    /** Too large for one record. */
    boolean usesParts;

    Prepared(
            long txnId,
            SectionedEffects effects,
            @Nullable OpenBatch batch,
            byte source,
            boolean async,
            @Nullable Request<Call> preparedAnswer,
            @Nullable Request<Call> decidedAnswer) {
        this.txnId = txnId;
        this.effects = effects;
        this.batch = batch;
        this.source = source;
        this.async = async;
        this.preparedAnswer = preparedAnswer;
        this.decidedAnswer = decidedAnswer;
    }

    /** Of its records. */
    int flags() {
        return RecordFormat.flags(async ? RecordFormat.ASYNC : 0, source);
    }
}
