package io.nodedb.bridge.lane;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.bridge.wake.Doorbell;
import io.nodedb.os.wake.Wakeups;
import java.util.ArrayList;
import java.util.List;

/** A lane to a few cores, stepped by one thread. */
final class LaneFixture implements AutoCloseable {
    static final LaneOptions SMALL = LaneOptions.DEFAULTS.withRequests(16).withChunks(4, 64, 2);

    final List<Doorbell> coreDoorbells = new ArrayList<>();
    final Lane<long[]> lane;

    LaneFixture(LaneOptions options, int cores) {
        for (int i = 0; i < cores; i++) {
            coreDoorbells.add(new Doorbell(Wakeups.create()));
        }
        lane =
                new Lane<>(
                        3,
                        options,
                        () -> new long[1],
                        coreDoorbells,
                        new Doorbell(Wakeups.create()));
    }

    LanePort<long[]> port() {
        return lane.port(0);
    }

    static Request<long[]> acquire(LanePort<long[]> port, int tenant) {
        Request<long[]> request = port.acquire(tenant);
        assertThat(request).isNotNull();
        return request;
    }

    static Request<long[]> take(LanePort<long[]> port) {
        Request<long[]> request = port.take();
        assertThat(request).isNotNull();
        return request;
    }

    /** Acquires and submits one. */
    Request<long[]> send() {
        Request<long[]> request = acquire(port(), 0);
        port().submit(request);
        return request;
    }

    @Override
    public void close() {
        lane.close();
        coreDoorbells.forEach(Doorbell::close);
    }
}
