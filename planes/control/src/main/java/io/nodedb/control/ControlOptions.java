package io.nodedb.control;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.catalog.CommitDurability;
import io.nodedb.control.dispatch.CallOptions;
import io.nodedb.control.dispatch.Dispatcher;
import io.nodedb.control.snapshot.Snapshots;
import io.nodedb.control.transaction.WriteSet;

/**
 * Numbers of the Control Plane.
 *
 * @param durability of commits when neither caller nor collection says
 * @param maxSnapshotAgeMillis {@code max_snapshot_age}
 * @param transactionWriteLimitBytes {@code transaction_write_limit}
 * @param requestNanos {@code request_deadline}: of a call that does not say
 * @param statementNanos {@code statement_timeout}: of a whole scan; 0 for any
 * @param backPressureNanos how long a waiting caller puts up with full rings
 */
@Immutable
public record ControlOptions(
        CommitDurability durability,
        long maxSnapshotAgeMillis,
        long transactionWriteLimitBytes,
        long requestNanos,
        long statementNanos,
        long backPressureNanos) {
    public static final ControlOptions DEFAULTS =
            new ControlOptions(
                    CommitDurability.SYNC,
                    Snapshots.DEFAULT_MAX_AGE_MILLIS,
                    WriteSet.DEFAULT_LIMIT_BYTES,
                    CallOptions.DEFAULT.timeoutNanos(),
                    0,
                    Dispatcher.DEFAULT_BACK_PRESSURE_NANOS);
}
