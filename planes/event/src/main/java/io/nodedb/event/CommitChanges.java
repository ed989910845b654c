package io.nodedb.event;

import java.util.ArrayList;
import java.util.List;

/**
 * All changes of one commit, of all partitions that took part. Built by the hub, then not changed
 * any more.
 */
final class CommitChanges {
    private final long lsn;
    private final List<Change> changes = new ArrayList<>();
    private long memoryBytes = 96;

    CommitChanges(long lsn) {
        this.lsn = lsn;
    }

    void add(Change change) {
        changes.add(change);
        memoryBytes += change.memoryBytes();
    }

    long lsn() {
        return lsn;
    }

    int size() {
        return changes.size();
    }

    Change get(int index) {
        return changes.get(index);
    }

    long memoryBytes() {
        return memoryBytes;
    }
}
