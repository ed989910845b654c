package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import org.jspecify.annotations.Nullable;

/**
 * A transaction, or a large write, that this core has checked and logged (or is logging) and whose
 * outcome the log will tell. Its effects wait here and its keys are locked.
 *
 * <pre>
 *   LOGGING ──all parts and PREPARE are in the ring──► PREPARED ──acknowledgement──► applied | dropped
 * </pre>
 */
@CoreOwned
final class Prepared {
    final long txnId;

    /** The transaction's own copy. */
    final SectionedEffects effects;

    final byte source;
    final boolean async;

    /**
     * To answer when it is decided: only for a large write, whose coordinator is the core itself.
     */
    final @Nullable Request<Call> decidedAnswer;

    /** To answer with the ring position once PREPARE is in the ring. */
    final @Nullable Request<Call> preparedAnswer;

    /** Reads or writes wait for it only when its keys are here. */
    int loggedSection;

    int loggedBytes;
    int nextPart;
    boolean prepared;
    boolean usesParts;

    Prepared(
            long txnId,
            SectionedEffects effects,
            byte source,
            boolean async,
            @Nullable Request<Call> preparedAnswer,
            @Nullable Request<Call> decidedAnswer) {
        this.txnId = txnId;
        this.effects = effects;
        this.source = source;
        this.async = async;
        this.preparedAnswer = preparedAnswer;
        this.decidedAnswer = decidedAnswer;
    }
}
