package io.nodedb.plan.commit;

import io.nodedb.base.ids.Tenants;
import io.nodedb.plan.Call;

/** Tells one core about a collection; sent to every core after the catalog has recorded it. */
public final class CollectionCall extends Call {
    /** What happens to the collection on this core. */
    public enum Action {
        /** Make it known to the engines of all the core's partitions. */
        OPEN,
        /** Forget it: its scans have ended and its tombstone is in the log. */
        DROP
    }

    public Action action = Action.OPEN;
    public int collection;
    public int engine;

    /** Effects carry prior values and events are emitted. */
    public boolean feed;

    /** Whom the collection belongs to. */
    public int tenant = Tenants.DEFAULT;

    @Override
    public boolean writes() {
        return false;
    }

    @Override
    public int operation() {
        return 110;
    }

    @Override
    public int collection() {
        return collection;
    }

    @Override
    public long valuesHash() {
        return collection * 31L + action.name().hashCode();
    }

    @Override
    public void reset() {
        action = Action.OPEN;
        collection = 0;
        engine = 0;
        feed = false;
        tenant = Tenants.DEFAULT;
    }
}
