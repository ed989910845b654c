package io.nodedb.plan.commit;

import io.nodedb.base.ids.Tenants;
import io.nodedb.plan.Call;
import org.jspecify.annotations.Nullable;

/** Tells one core about a collection; sent to every core after the catalog has recorded it. */
public final class CollectionCall extends Call {
    /** What happens to the collection on this core. */
    public enum Action {
        /**
         * Make it known to the engines of all the core's partitions, or tell them what has changed.
         * Where the definition has, the answer comes when everything that was prepared by another
         * one is decided and durable.
         */
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

    /** Version of the definition that rows must be made by from now on; 0 for none. */
    public int definition;

    /** The core's own: how far it has come. */
    public @Nullable Object progress;

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
        definition = 0;
        progress = null;
    }
}
