package io.nodedb.data.core;

import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.bridge.lane.Request;
import io.nodedb.plan.Call;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client that waits in a partition of this core, in the queues of all its keys there. */
@CoreOwned
final class WaitingClient {
    final WaitingClients.Place place;
    final int collection;

    /** In the order of the command's keys; one may be there more than once. */
    final List<KeyQueue> queues = new ArrayList<>();

    /**
     * The command that is answered when there is something; null while the client, which was told
     * that there is, goes for it and keeps its place.
     */
    @Nullable Request<Call> request;

    WaitingClient(WaitingClients.Place place, int collection) {
        this.place = place;
        this.collection = collection;
    }
}
