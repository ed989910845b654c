package io.nodedb.control.scan;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.ownership.Immutable;

/**
 * Until when a scan's pages must come: each within the time of one call, and all of them within
 * {@code statement_timeout}, the caller's own time between two pages included. Times in
 * nanoseconds.
 *
 * @param statement time of the whole scan from {@code started}; 0 for any
 * @param page time of one page
 */
@Immutable
record ScanDeadlines(TimeSource time, long started, long statement, long page) {

    /** Deadline of a page that is asked for now; DEADLINE_EXCEEDED when the scan's has passed. */
    long ofNextPage() {
        long now = time.nanoTime();
        if (statement == 0) {
            return now + page;
        }
        long left = statement - (now - started);
        if (left <= 0) {
            throw new NodeDbException(
                    ErrorCode.DEADLINE_EXCEEDED,
                    "The scan took longer than statement_timeout: statementNanos=" + statement);
        }
        return now + Math.min(page, left);
    }
}
