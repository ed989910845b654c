package io.nodedb.bench.bridge;

import io.nodedb.bridge.lane.LanePort;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.lane.Status;
import io.nodedb.bridge.wake.Doorbell;
import java.util.function.BooleanSupplier;

/**
 * The least that a core can do: takes requests, answers each with its question plus one, and sleeps
 * or looks again when there are none. Runs on a thread of its own until it is stopped.
 */
final class EchoCore implements Runnable {
    /** As the core's loop. */
    private static final int TASKS_PER_TURN = 256;

    /** What travels. */
    static final class Echo {
        long question;
        long answer;
        long startedNanos;
    }

    private final LanePort<Echo> port;
    private final Doorbell doorbell;
    private final boolean sleeps;
    private volatile boolean stopping;

    /** Without {@code sleeps}, it looks for work all the time, as a core that is never idle. */
    EchoCore(LanePort<Echo> port, Doorbell doorbell, boolean sleeps) {
        this.port = port;
        this.doorbell = doorbell;
        this.sleeps = sleeps;
    }

    @Override
    public void run() {
        BooleanSupplier hasWork = () -> stopping || port.hasWork();
        while (!stopping) {
            if (serve() == 0) {
                if (sleeps) {
                    boolean ignored = doorbell.await(hasWork, Long.MAX_VALUE);
                } else {
                    Thread.onSpinWait();
                }
            }
        }
    }

    private int serve() {
        int served = 0;
        while (served < TASKS_PER_TURN) {
            Request<Echo> request = port.take();
            if (request == null) {
                break;
            }
            Echo echo = request.payload;
            echo.answer = echo.question + 1;
            request.status = Status.OK;
            port.answer(request);
            served++;
        }
        port.flushAnswers();
        return served;
    }

    /** Any thread. */
    void stop() {
        stopping = true;
        doorbell.ring();
    }
}
