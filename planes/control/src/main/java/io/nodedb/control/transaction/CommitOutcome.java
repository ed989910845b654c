package io.nodedb.control.transaction;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.control.dispatch.Exchange;
import org.jspecify.annotations.Nullable;

/**
 * How a commit ended.
 *
 * @param lsn the commit, when {@code error} is null
 * @param error null when it was committed; {@code OUTCOME_UNKNOWN} and {@code STORAGE_FAILED} leave
 *     open whether it was; every other one says that it was not
 */
@Immutable
public record CommitOutcome(
        long lsn, @Nullable ErrorCode error, String message, long retryAfterMillis) {

    static CommitOutcome committed(long lsn) {
        return new CommitOutcome(lsn, null, "", 0);
    }

    static CommitOutcome failed(Exchange<?> refused) {
        return new CommitOutcome(
                0,
                ErrorCode.ofNumber(refused.errorCode()),
                refused.message(),
                refused.retryAfterMillis());
    }

    static CommitOutcome failed(ErrorCode code, String message) {
        return new CommitOutcome(0, code, message, 0);
    }

    public boolean isCommitted() {
        return error == null;
    }

    /** The commit's LSN; throws what failed it. */
    public long lsnOrThrow() {
        if (error != null) {
            throw new NodeDbException(error, message, retryAfterMillis, null);
        }
        return lsn;
    }
}
