package io.nodedb.event;

import io.nodedb.base.ids.Partitions;

/** What a feed wants to hear of. Called by the feed's thread. */
@FunctionalInterface
public interface ChangeFilter {
    /** Every collection of every data partition. */
    ChangeFilter ALL_DATA = (partition, collection) -> partition != Partitions.SYSTEM;

    boolean accepts(int partition, int collection);

    /** One collection, in every data partition. */
    static ChangeFilter collection(int wanted) {
        return (partition, collection) -> partition != Partitions.SYSTEM && collection == wanted;
    }
}
