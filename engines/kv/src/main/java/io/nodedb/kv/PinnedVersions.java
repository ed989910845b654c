package io.nodedb.kv;

import io.nodedb.base.ownership.CoreOwned;
import java.util.Arrays;

/**
 * Versions that are being sent to a client piece by piece and stay until that ends. A pin is a
 * lease: every piece renews it, and one that is not renewed (the client is gone) ends by itself.
 */
@CoreOwned
final class PinnedVersions {
    /** Values that one partition may be sending at a time. */
    static final int MAX = 64;

    /** A client that takes no piece for so long loses its answer. */
    static final long LEASE_MILLIS = 30_000;

    private static final long NONE = 0;

    private final long[] ids = new long[MAX];
    private final long[] versions = new long[MAX];
    private final int[] collections = new int[MAX];
    private final long[] ends = new long[MAX];
    private int count;
    private long nextId = 1;

    /** Pins a version; its pin's number, or 0 when too many are pinned. */
    long pin(int collection, long version, long nowMillis) {
        int free = indexOf(NONE);
        if (free < 0) {
            return NONE;
        }
        ids[free] = nextId;
        versions[free] = version;
        collections[free] = collection;
        ends[free] = nowMillis + LEASE_MILLIS;
        count++;
        return nextId++;
    }

    /** The version of a pin, which is renewed; 0 when the lease has ended. */
    long renew(long id, long nowMillis) {
        int at = indexOf(id);
        if (at < 0) {
            return NONE;
        }
        ends[at] = nowMillis + LEASE_MILLIS;
        return versions[at];
    }

    void unpin(long id) {
        int at = indexOf(id);
        if (at >= 0) {
            end(at);
        }
    }

    boolean isPinned(long version) {
        if (count == 0) {
            return false;
        }
        for (int i = 0; i < MAX; i++) {
            if (versions[i] == version && ids[i] != NONE) {
                return true;
            }
        }
        return false;
    }

    /** Ends leases that were not renewed. */
    void expire(long nowMillis) {
        for (int i = 0; count > 0 && i < MAX; i++) {
            if (ids[i] != NONE && ends[i] <= nowMillis) {
                end(i);
            }
        }
    }

    /** Ends all leases of a collection. */
    void endAll(int collection) {
        for (int i = 0; i < MAX; i++) {
            if (ids[i] != NONE && collections[i] == collection) {
                end(i);
            }
        }
    }

    private void end(int at) {
        ids[at] = NONE;
        versions[at] = NONE;
        count--;
    }

    private int indexOf(long id) {
        for (int i = 0; i < MAX; i++) {
            if (ids[i] == id) {
                return i;
            }
        }
        return -1;
    }

    @Override
    public String toString() {
        return "pinned=" + count + " " + Arrays.toString(versions);
    }
}
