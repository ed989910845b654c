package io.nodedb.bridge.lane;

import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.bridge.wake.Doorbell;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * One thread's way to all cores: a port to each, one doorbell, one tracker. Belongs to that thread;
 * threads without a lane of their own share one, see {@link SharedLane}.
 *
 * @param <P> payload of the requests
 */
@ControlPlane
public final class Lane<P> implements AutoCloseable {
    private final int number;
    private final Doorbell doorbell;
    private final RequestTracker<P> tracker;
    private final List<LanePort<P>> ports;
    private final BooleanSupplier hasResponses = this::hasResponses;
    private int firstPort;

    /**
     * {@code coreDoorbells} has one doorbell per core, in order; {@code doorbell} is the lane's
     * own, which it takes over. {@code payloads} makes the reusable payload of every request.
     */
    public Lane(
            int number,
            LaneOptions options,
            Supplier<? extends P> payloads,
            List<Doorbell> coreDoorbells,
            Doorbell doorbell) {
        this.number = number;
        this.doorbell = doorbell;
        this.tracker = new RequestTracker<>(options);
        List<LanePort<P>> made = new ArrayList<>(coreDoorbells.size());
        for (int core = 0; core < coreDoorbells.size(); core++) {
            made.add(
                    new LanePort<>(
                            number,
                            core,
                            options,
                            payloads,
                            coreDoorbells.get(core),
                            doorbell,
                            tracker));
        }
        ports = List.copyOf(made);
    }

    /** The lane's number. */
    public int number() {
        return number;
    }

    /** The port to a core; its core's side is for that core. */
    public LanePort<P> port(int core) {
        return ports.get(core);
    }

    /** How many cores there are. */
    public int cores() {
        return ports.size();
    }

    /** Where the cores ring. */
    public Doorbell doorbell() {
        return doorbell;
    }

    /** Knows what is in flight. */
    public RequestTracker<P> tracker() {
        return tracker;
    }

    /**
     * Handles up to {@code limit} responses, beginning at another core each time, so that none is
     * starved. Returns how many those were.
     */
    public int poll(ResponseHandler<P> handler, int limit) {
        int handled = 0;
        int count = ports.size();
        for (int i = 0; i < count && handled < limit; i++) {
            int at = firstPort + i;
            LanePort<P> port = ports.get(at < count ? at : at - count);
            handled += port.poll(handler, limit - handled);
        }
        firstPort = firstPort + 1 < count ? firstPort + 1 : 0;
        return handled;
    }

    /** Gives up what is overdue; see {@link RequestTracker#step}. */
    public int expire(long nowNanos, ResponseHandler<P> handler) {
        return tracker.step(nowNanos, handler);
    }

    /** Wakes every core to which something was submitted or given back since the last time. */
    public void flush() {
        for (int core = 0; core < ports.size(); core++) {
            ports.get(core).flush();
        }
    }

    /** Some core has answered. */
    public boolean hasResponses() {
        for (int core = 0; core < ports.size(); core++) {
            if (ports.get(core).hasResponses()) {
                return true;
            }
        }
        return false;
    }

    /** Sleeps until a core answers or the time has passed. */
    public boolean await(long timeoutNanos) {
        return doorbell.await(hasResponses, timeoutNanos);
    }

    /** The condition for {@link Doorbell#arm}, for event loops that sleep in their own selector. */
    public BooleanSupplier responsesWaiting() {
        return hasResponses;
    }

    /** The severest pressure of all ports. */
    public BackPressure pressure() {
        BackPressure severest = BackPressure.NONE;
        for (int core = 0; core < ports.size(); core++) {
            BackPressure pressure = ports.get(core).pressure();
            if (pressure.compareTo(severest) > 0) {
                severest = pressure;
            }
        }
        return severest;
    }

    /** Requests that are not free, on all ports. */
    public int outstanding() {
        int sum = 0;
        for (int core = 0; core < ports.size(); core++) {
            sum += ports.get(core).outstanding();
        }
        return sum;
    }

    /** Closes the doorbell; what is in flight is not answered any more. */
    @Override
    public void close() {
        doorbell.close();
    }
}
