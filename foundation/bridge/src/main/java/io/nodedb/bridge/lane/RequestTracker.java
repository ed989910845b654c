package io.nodedb.bridge.lane;

import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.ControlPlane;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Knows every submitted request of a lane until its final answer, and answers in the core's place
 * when that does not come: past the deadline (for requests without one, past the lease that each
 * quantum renews) and a grace, {@link ResponseHandler#onExpired} is called with DEADLINE_EXCEEDED,
 * or OUTCOME_UNKNOWN when the write had passed the WAL ring. So a client never hangs. The late
 * answer is dropped and its request recycled when it comes; one that never comes keeps its slot,
 * since the core may still write to it ({@link #expired} counts these).
 *
 * <p>Called by the lane's thread only, which therefore decides alone between the answer and the
 * expiry. A scan of all tracked requests every {@value #SCAN_MILLIS} ms; nothing is allocated once
 * the table has its size.
 */
@ControlPlane
public final class RequestTracker<P> {
    /** Deadlines are looked at this often. */
    public static final long SCAN_MILLIS = 100;

    private static final int FIRST_SIZE = 64;

    private final long leaseNanos;
    private final long graceNanos;
    private @Nullable Request<P>[] tracked = newTable(FIRST_SIZE);
    private int count;
    private int expired;
    private boolean scanned;
    private long lastScanNanos;

    RequestTracker(LaneOptions options) {
        this.leaseNanos = options.leaseNanos();
        this.graceNanos = options.graceNanos();
    }

    /** Requests in flight that somebody waits for. */
    public int tracked() {
        return count;
    }

    /** Requests given up whose answer has not come yet. */
    public int expired() {
        return expired;
    }

    void track(Request<P> request) {
        if (count == tracked.length) {
            tracked = Arrays.copyOf(tracked, 2 * count);
        }
        request.trackerIndex = count;
        tracked[count++] = request;
    }

    /** Its answer has come, in time or late. */
    void answered(Request<P> request) {
        if (request.dropAnswer) {
            expired--;
        } else {
            remove(request);
        }
    }

    /** Nobody waits for it any more. False when it was logged before. */
    boolean giveUp(Request<P> request) {
        boolean inTime = request.abandon();
        remove(request);
        expired++;
        return inTime;
    }

    private void remove(Request<P> request) {
        int index = request.trackerIndex;
        Check.that(index < count && tracked[index] == request, "a tracked request", index);
        Request<P> last = at(count - 1);
        tracked[index] = last;
        last.trackerIndex = index;
        tracked[--count] = null;
    }

    /** Gives up what is overdue at {@code nowNanos}; returns how many that were. */
    public int step(long nowNanos, ResponseHandler<P> handler) {
        if (count == 0
                || (scanned
                        && nowNanos - lastScanNanos < TimeUnit.MILLISECONDS.toNanos(SCAN_MILLIS))) {
            return 0;
        }
        scanned = true;
        lastScanNanos = nowNanos;
        int found = 0;
        // Backwards, because removing moves the last one here.
        for (int i = count - 1; i >= 0; i--) {
            if (i >= count) {
                continue; // the handler abandoned others
            }
            Request<P> request = at(i);
            if (isOverdue(request, nowNanos)) {
                found++;
                boolean wroteNothing = giveUp(request);
                handler.onExpired(
                        request,
                        wroteNothing ? ErrorCode.DEADLINE_EXCEEDED : ErrorCode.OUTCOME_UNKNOWN);
                request.attachment = null;
            }
        }
        return found;
    }

    private boolean isOverdue(Request<P> request, long nowNanos) {
        if (request.deadlineNanos != Request.NO_DEADLINE) {
            return nowNanos - request.deadlineNanos > graceNanos;
        }
        if (request.firstLeaseNanos == 0) {
            request.firstLeaseNanos = notZero(nowNanos + leaseNanos);
            return false;
        }
        long renewed = request.leaseUntilNanos();
        boolean lateByFirst = nowNanos - request.firstLeaseNanos > graceNanos;
        return lateByFirst && (renewed == 0 || nowNanos - renewed > graceNanos);
    }

    /** Zero means unset, and a monotonic clock may show it. */
    private static long notZero(long nanos) {
        return nanos == 0 ? 1 : nanos;
    }

    private Request<P> at(int index) {
        Request<P> request = tracked[index];
        if (request == null) {
            throw new IllegalStateException("the table has a hole: index=" + index);
        }
        return request;
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    private static <P> @Nullable Request<P>[] newTable(int size) {
        return new Request[size];
    }
}
