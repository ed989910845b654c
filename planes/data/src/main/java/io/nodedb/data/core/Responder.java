package io.nodedb.data.core;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.LanePort;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.lane.Status;
import io.nodedb.plan.Call;

/** Sends answers and remembers which lanes to wake, so that each is woken once per turn. */
@CoreOwned
final class Responder {
    static final long RECOVERING_RETRY_MILLIS = 1_000;

    private final LanePort<Call>[] touched;
    private int touchedCount;
    private long answers;

    @SuppressWarnings({"unchecked", "rawtypes"})
    Responder(int ports) {
        touched = new LanePort[ports];
    }

    Disposition succeed(Request<Call> request, long watermarkLsn) {
        request.watermarkLsn = Math.max(request.watermarkLsn, watermarkLsn);
        request.errorCode = 0;
        return send(request, Status.OK);
    }

    Disposition fail(Request<Call> request, ErrorCode code, String message, long retryAfterMillis) {
        request.errorCode = code.number();
        request.message = message;
        request.retryAfterMillis = retryAfterMillis;
        return send(request, Status.ERROR);
    }

    /** Sends an answer that was held, as it stands. */
    void release(Request<Call> request) {
        send(request, request.errorCode == 0 ? Status.OK : Status.ERROR);
    }

    private Disposition send(Request<Call> request, byte status) {
        request.status = status;
        request.next = null;
        LanePort<Call> port = request.port;
        port.answer(request);
        touch(port);
        answers++;
        return Disposition.DONE;
    }

    /** The lane behind this port has something to take. */
    void touch(LanePort<Call> port) {
        for (int i = 0; i < touchedCount; i++) {
            if (touched[i] == port) {
                return;
            }
        }
        touched[touchedCount++] = port;
    }

    /** Wakes every lane that was answered since the last flush, once. */
    void flush() {
        for (int i = 0; i < touchedCount; i++) {
            touched[i].flushAnswers();
        }
        touchedCount = 0;
    }

    long answers() {
        return answers;
    }
}
