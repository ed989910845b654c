package io.nodedb.data.core;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.LanePort;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.lane.Status;
import io.nodedb.plan.Call;
import io.nodedb.plan.kv.command.CommandCall;
import java.util.List;

/** Sends answers, and wakes each lane that got any once per turn. */
@CoreOwned
final class Responder {
    static final long RECOVERING_RETRY_MILLIS = 1_000;

    private final List<LanePort<Call>> ports;
    private long answers;

    Responder(List<LanePort<Call>> ports) {
        this.ports = ports;
    }

    Disposition succeed(Request<Call> request, long watermarkLsn) {
        request.watermarkLsn = Math.max(request.watermarkLsn, watermarkLsn);
        request.errorCode = 0;
        return send(request, Status.OK);
    }

    /** A client that waits at several cores can be served by another one, or given up, then. */
    Disposition fail(Request<Call> request, ErrorCode code, String message, long retryAfterMillis) {
        if (request.payload instanceof CommandCall command) {
            command.putTicketBack();
        }
        request.errorCode = code.number();
        request.message = message;
        request.retryAfterMillis = retryAfterMillis;
        return send(request, Status.ERROR);
    }

    /** As {@link #fail}, for a request that was not executed. */
    Disposition refuse(
            Request<Call> request, ErrorCode code, String message, long retryAfterMillis) {
        fail(request, code, message, retryAfterMillis);
        return Disposition.REFUSED;
    }

    /** Sends an answer that was held, as it stands. */
    void release(Request<Call> request) {
        send(request, request.errorCode == 0 ? Status.OK : Status.ERROR);
    }

    private Disposition send(Request<Call> request, byte status) {
        request.status = status;
        request.next = null;
        request.port.answer(request);
        answers++;
        return Disposition.DONE;
    }

    /** Wakes every lane that was answered since the last flush, once. */
    void flush() {
        for (int i = 0; i < ports.size(); i++) {
            ports.get(i).flushAnswers();
        }
    }

    long answers() {
        return answers;
    }
}
