package io.nodedb.bridge.lane;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.errors.Check;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.Shared;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The lane of all threads that have none of their own: callers of an embedded database, query
 * workers, the Event Plane. Any thread sends, under a lock that is held for a few instructions; the
 * one thread {@code lane-shared} calls {@link #step} and hands every answer to the {@link
 * Completion} that is attached to its request.
 *
 * @param <P> payload of the requests
 */
@Shared("the sending side by a lock; answers are taken by lane-shared alone")
public final class SharedLane<P> implements AutoCloseable {
    /** Most responses handled in one step, so that expiry gets its turn. */
    public static final int RESPONSES_PER_STEP = 256;

    private static final long LONGEST_SLEEP_NANOS =
            TimeUnit.MILLISECONDS.toNanos(RequestTracker.SCAN_MILLIS);

    private final Lane<P> lane;
    private final TimeSource time;
    private final ReentrantLock sending = new ReentrantLock();
    private final List<Expiry<P>> expiries = new ArrayList<>();
    private final ResponseHandler<P> collectExpiries = new ExpiryCollector();

    private int firstCore;

    private record Expiry<P>(Completion<P> completion, ErrorCode code) {}

    /** Takes {@code lane} over. */
    public SharedLane(Lane<P> lane, TimeSource time) {
        this.lane = lane;
        this.time = time;
    }

    /** Any thread. As {@link LanePort#acquire} of that core; null when it has no room. */
    public @Nullable Request<P> acquire(int core, int tenant) {
        sending.lock();
        try {
            return lane.port(core).acquire(tenant);
        } finally {
            sending.unlock();
        }
    }

    /**
     * Any thread. Sends a request that was acquired here and wakes its core. {@link
     * Request#attachment} is a {@link Completion}.
     */
    public void submit(Request<P> request) {
        LanePort<P> port = request.port;
        submitUntold(request);
        // Outside the lock: it may be a system call.
        port.ringCore();
    }

    /**
     * Any thread. As {@link #submit}, but the core is not told: the caller does its work in its
     * place, or calls {@link #tell} at once.
     */
    public void submitUntold(Request<P> request) {
        Check.that(
                request.attachment instanceof Completion<?>, "a completion waits for the answer");
        sending.lock();
        try {
            request.port.submit(request);
            boolean ignored = request.port.claimFlush();
        } finally {
            sending.unlock();
        }
    }

    /** Any thread. Wakes a core to which something was submitted. */
    public void tell(int core) {
        lane.port(core).ringCore();
    }

    /**
     * Any thread. Gives up waiting for a request that was sent from here, by the {@link Request#id}
     * that it had then (the object may meanwhile serve another): its completion will not be called.
     * False when it is too late: the completion has been or is being called.
     */
    public boolean abandon(Request<P> request, long id) {
        sending.lock();
        try {
            if (request.id != id
                    || request.place != Request.Place.IN_FLIGHT
                    || request.dropAnswer) {
                return false;
            }
            request.port.abandon(request);
            return true;
        } finally {
            sending.unlock();
        }
    }

    /** Any thread. Gives a request back after its answer, or unsent. */
    public void recycle(Request<P> request) {
        sending.lock();
        try {
            request.port.recycle(request);
        } finally {
            sending.unlock();
        }
    }

    /** Any thread. Gives an emptied chunk back and tells its core. */
    public void giveBack(Chunk chunk) {
        boolean tell;
        sending.lock();
        try {
            chunk.port.giveBack(chunk);
            tell = chunk.port.claimFlush();
        } finally {
            sending.unlock();
        }
        if (tell) {
            chunk.port.ringCore();
        }
    }

    /** Any thread. The pressure of one core's port. */
    public BackPressure pressure(int core) {
        sending.lock();
        try {
            return lane.port(core).pressure();
        } finally {
            sending.unlock();
        }
    }

    /** Any thread. Requests that are not free, of all cores. */
    public int outstanding() {
        sending.lock();
        try {
            return lane.outstanding();
        } finally {
            sending.unlock();
        }
    }

    /** The port to a core, for that core's side. */
    public LanePort<P> port(int core) {
        return lane.port(core);
    }

    /**
     * Thread {@code lane-shared}, or who stands in for it. Completes what was answered and what is
     * overdue; false when there was nothing. What a completion throws comes out here, and nothing
     * but that completion is lost: the next step goes on.
     */
    public boolean step() {
        int done = 0;
        int cores = lane.cores();
        firstCore = firstCore + 1 < cores ? firstCore + 1 : 0;
        for (int i = 0; i < cores && done < RESPONSES_PER_STEP; i++) {
            LanePort<P> port = lane.port((firstCore + i) % cores);
            for (LaneMessage message = take(port); message != null; message = take(port)) {
                complete(message);
                done++;
                if (done == RESPONSES_PER_STEP) {
                    break;
                }
            }
        }
        return expire() || done > 0;
    }

    /**
     * Thread {@code lane-shared}. Sleeps until a core answers or it is time to look at deadlines.
     */
    public void await() {
        lane.await(LONGEST_SLEEP_NANOS);
    }

    private @Nullable LaneMessage take(LanePort<P> port) {
        if (!port.hasResponses()) {
            return null;
        }
        sending.lock();
        try {
            LaneMessage message = port.takeResponse();
            port.flush();
            return message;
        } finally {
            sending.unlock();
        }
    }

    @SuppressWarnings("unchecked") // what comes back from this lane was sent by it
    private void complete(LaneMessage message) {
        switch (message) {
            case Request<?> request -> {
                Request<P> answered = (Request<P>) request;
                completion(answered).complete(answered);
            }
            case Chunk chunk -> completion(chunk.request()).completePartially(chunk);
        }
    }

    @SuppressWarnings("unchecked") // submit took nothing else
    private Completion<P> completion(Request<?> request) {
        if (request.attachment instanceof Completion<?> completion) {
            return (Completion<P>) completion;
        }
        throw new IllegalStateException("nobody waits for request id=" + request.id);
    }

    private boolean expire() {
        if (expiries.isEmpty()) {
            sending.lock();
            try {
                lane.expire(time.nanoTime(), collectExpiries);
            } finally {
                sending.unlock();
            }
        }
        boolean any = !expiries.isEmpty();
        // Outside the lock, one by one: a completion may send again, or throw.
        while (!expiries.isEmpty()) {
            Expiry<P> expiry = expiries.removeLast();
            expiry.completion.expire(expiry.code);
        }
        return any;
    }

    /** Notes who is to be told. */
    private final class ExpiryCollector implements ResponseHandler<P> {
        @Override
        public void onPartial(Chunk chunk) {
            throw new IllegalStateException("expiry has no chunks");
        }

        @Override
        public void onFinal(Request<P> request) {
            throw new IllegalStateException("expiry has no answers");
        }

        @Override
        public void onExpired(Request<P> request, ErrorCode code) {
            expiries.add(new Expiry<>(completion(request), code));
        }
    }

    /** Closes the lane. */
    @Override
    public void close() {
        lane.close();
    }
}
