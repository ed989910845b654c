package io.nodedb.bench.bridge;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.bench.bridge.EchoCore.Echo;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.bridge.lane.LanePort;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.lane.ResponseHandler;
import org.HdrHistogram.Histogram;

/**
 * The lane's side of a hop: asks, waits for the answers, checks each, and records the time from
 * just before the submission to the answer's arrival. Belongs to one thread.
 */
final class EchoLane implements ResponseHandler<Echo> {
    /** How the lane waits for answers. */
    enum Waiting {
        /** Looks again and again, as a caller does for its first microseconds. */
        LOOKS,
        /** Sleeps on its doorbell. */
        SLEEPS
    }

    private static final int TENANT = 1;
    private static final int POLL_LIMIT = 256;

    private final Lane<Echo> lane;
    private final LanePort<Echo> port;
    private final Waiting waiting;
    private final Histogram nanos;
    private long asked;
    private long answered;
    private long wrong;
    private boolean recording;

    EchoLane(Lane<Echo> lane, Waiting waiting, Histogram nanos) {
        this.lane = lane;
        this.port = lane.port(0);
        this.waiting = waiting;
        this.nanos = nanos;
    }

    /** From now on, what is answered goes into the histogram, or no longer. */
    void record(boolean on) {
        recording = on;
    }

    long wrong() {
        return wrong;
    }

    /** One request, and its answer. */
    void hop() {
        ask();
        port.flush();
        awaitUntil(asked);
    }

    /** {@code count} requests, never more than {@code depth} of them unanswered. */
    void stream(long count, int depth) {
        long last = asked + count;
        while (answered < last) {
            boolean any = false;
            while (asked < last && asked - answered < depth) {
                ask();
                any = true;
            }
            if (any) {
                port.flush();
            }
            awaitUntil(answered + 1);
        }
    }

    private void ask() {
        Request<Echo> request = port.acquire(TENANT);
        if (request == null) {
            throw new IllegalStateException("the port has no room: " + port.lastRefusal());
        }
        Echo echo = request.payload;
        echo.question = asked++;
        echo.startedNanos = System.nanoTime();
        port.submit(request);
    }

    private void awaitUntil(long count) {
        while (answered < count) {
            if (lane.poll(this, POLL_LIMIT) == 0) {
                if (waiting == Waiting.LOOKS) {
                    Thread.onSpinWait();
                } else {
                    boolean ignored = lane.await(Long.MAX_VALUE);
                }
            }
        }
    }

    @Override
    public void onFinal(Request<Echo> request) {
        Echo echo = request.payload;
        if (recording) {
            nanos.recordValue(System.nanoTime() - echo.startedNanos);
        }
        if (echo.question != answered || echo.answer != echo.question + 1) {
            wrong++;
        }
        answered++;
        port.recycle(request);
    }

    @Override
    public void onPartial(Chunk chunk) {
        throw new IllegalStateException("nothing is answered in parts");
    }

    @Override
    public void onExpired(Request<Echo> request, ErrorCode code) {
        throw new IllegalStateException("nothing expires: " + code);
    }
}
