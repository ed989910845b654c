package io.nodedb.data.core;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.memory.PressureLevel;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.WaitEndCall;

/**
 * Runs quanta of requests: answers those that may not run at all (overdue, refused, the core is
 * degraded or closing), lets the others execute, and makes whatever is thrown their answer.
 */
@CoreOwned
final class TaskRunner {
    /** Under memory pressure this part of a turn's tasks may be writes. */
    private static final int PRESSED_WRITE_SHARE = 16;

    private final int core;
    private final CoreSettings settings;
    private final CoreHealth health;
    private final RequestExecutor executor;
    private final Responder responder;
    private final MemoryGovernor governor;
    private int writesLeft;
    private boolean writesBlocked;
    private boolean refusingNewWork;

    TaskRunner(
            int core,
            CoreSettings settings,
            CoreHealth health,
            RequestExecutor executor,
            Responder responder,
            MemoryGovernor governor) {
        this.core = core;
        this.settings = settings;
        this.health = health;
        this.executor = executor;
        this.responder = responder;
        this.governor = governor;
    }

    void beginTurn() {
        writesBlocked = false;
        writesLeft =
                governor.pressure().compareTo(PressureLevel.CRITICAL) >= 0
                        ? Math.max(1, settings.tasksPerTurn() / PRESSED_WRITE_SHARE)
                        : Integer.MAX_VALUE;
    }

    /** The log has no room: no write is tried any more in this turn. */
    void blockWrites() {
        writesBlocked = true;
    }

    /** From now on requests that have not begun are answered with SHUTTING_DOWN. */
    void refuseNewWork() {
        refusingNewWork = true;
    }

    /** Runs one quantum of a request; whatever it throws becomes its answer. */
    Disposition run(Request<Call> request, long now) {
        try {
            if (request.payload instanceof WaitEndCall) {
                // It gives a place back: refused, the place would be kept from others for ever.
                return executor.execute(request, now, true);
            }
            if (expire(request, now)) {
                return Disposition.DONE;
            }
            if (refused(request, now)) {
                health.refused();
                return Disposition.REFUSED;
            }
            if (writesLeft != Integer.MAX_VALUE && request.payload.writes()) {
                if (writesLeft == 0) {
                    return Disposition.WAIT_FOR_TURN;
                }
                writesLeft--;
            }
            request.attempt++;
            request.renewLease(now + settings.leaseTime());
            Disposition disposition = executor.execute(request, now, !writesBlocked);
            if (disposition == Disposition.DONE || disposition == Disposition.DECIDED_LATER) {
                health.completed();
            }
            return disposition;
        } catch (Throwable failure) {
            requestFailed(request, failure);
            return Disposition.DONE;
        }
    }

    /** Answers a request whose deadline has passed. @return false when it has not */
    boolean expire(Request<Call> request, long now) {
        if (request.deadlineNanos == Request.NO_DEADLINE || now - request.deadlineNanos < 0) {
            return false;
        }
        refuse(
                request,
                ErrorCode.DEADLINE_EXCEEDED,
                "the request's deadline passed before core-" + core + " could finish it",
                0);
        return true;
    }

    private boolean refused(Request<Call> request, long now) {
        if (health.degraded()) {
            refuse(
                    request,
                    ErrorCode.CORE_DEGRADED,
                    "core-" + core + " is degraded after repeated panics",
                    health.watchdog().retryAfterMillis(now));
            return true;
        }
        if (request.isAbandoned()) {
            refuse(request, ErrorCode.DEADLINE_EXCEEDED, "nobody waits for the answer", 0);
            return true;
        }
        if (refusingNewWork && request.attempt == 0) {
            refuse(request, ErrorCode.SHUTTING_DOWN, "the database is closing", 0);
            return true;
        }
        long millis = health.refusedMillis(request, now);
        if (millis > 0) {
            health.refusedAgain();
            refuse(
                    request,
                    ErrorCode.REQUEST_REFUSED,
                    "the same request failed repeatedly on core-" + core,
                    millis);
            return true;
        }
        return false;
    }

    private void refuse(
            Request<Call> request, ErrorCode code, String message, long retryAfterMillis) {
        executor.abandon(request);
        responder.fail(request, code, message, retryAfterMillis);
    }

    /** Answers a request that failed unexpectedly; what it had begun is given up. */
    void requestFailed(Request<Call> request, Throwable failure) {
        String id = health.requestFailed(request, failure);
        try {
            executor.abandon(request);
        } catch (Throwable second) {
            health.failed("abandoning", "a request on core-" + core, second);
        }
        responder.fail(request, ErrorCode.INTERNAL, "the request failed unexpectedly: id=" + id, 0);
    }
}
