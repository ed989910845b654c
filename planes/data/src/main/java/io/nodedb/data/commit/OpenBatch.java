package io.nodedb.data.commit;

import io.nodedb.base.ownership.CoreOwned;
import java.util.ArrayList;
import java.util.List;

/**
 * A batch of commands whose effects are applied one after another before any of them is logged, so
 * that each command sees those before it.
 *
 * <pre>
 *   open ──apply*──► { commit: one record in the ring, a batch like any other
 *                    { prepare: its decision comes through the log
 *                    { undo: as if it had never been
 * </pre>
 *
 * <p>Its versions carry minus its {@link #token} as their stamp. While it is open longer than a
 * quantum, or prepared, its keys are locked: whoever meets such a version waits for the outcome.
 */
@CoreOwned
public final class OpenBatch {
    /** Above every sequence of a batch. */
    static final long FIRST_TOKEN = 1L << 62;

    /** What the commands have decided so far. */
    public final SectionedEffects effects = new SectionedEffects();

    /** Under which its keys are locked. */
    final long txnId;

    private final long token;
    final AppliedVersions versions = new AppliedVersions();
    final List<KeyLocks.Key> locked = new ArrayList<>();

    OpenBatch(long token, long txnId) {
        this.token = token;
        this.txnId = txnId;
    }

    /** Stands in the place of a sequence until it has one. */
    public long token() {
        return token;
    }
}
