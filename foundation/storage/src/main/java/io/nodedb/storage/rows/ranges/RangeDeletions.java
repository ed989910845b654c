package io.nodedb.storage.rows.ranges;

import io.nodedb.base.errors.BugException;
import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.block.RowKey;
import io.nodedb.storage.rows.block.RowVersion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/**
 * The deletions of ranges that still matter, pending and committed. They are few (dropping and
 * truncating), so they are looked through; most stores have none most of the time.
 *
 * <p>Owned by one core.
 */
@CoreOwned
public final class RangeDeletions {
    private static final class Entry {
        final long handle;
        final byte[] from;
        final byte[] to;
        long stamp;

        /** {@link RangeDeletion#id}; 0 while pending. */
        long id;

        Entry(long handle, byte[] from, byte[] to, long stamp, long id) {
            this.handle = handle;
            this.from = from;
            this.to = to;
            this.stamp = stamp;
            this.id = id;
        }

        boolean covers(byte[] rowKey, int length) {
            return RowKey.compare(rowKey, length, from, from.length) >= 0
                    && RowKey.compare(rowKey, length, to, to.length) < 0;
        }

        RangeDeletion committed() {
            return new RangeDeletion(from, to, stamp, id);
        }
    }

    private final List<Entry> entries = new ArrayList<>();
    private long lastHandle;
    private long lastId;

    /**
     * Those of a manifest.
     *
     * @param lastId highest id ever given
     */
    public RangeDeletions(RangeSet recovered, long lastId) {
        this.lastId = lastId;
        for (RangeDeletion deletion : recovered.deletions()) {
            entries.add(
                    new Entry(
                            ++lastHandle,
                            deletion.from(),
                            deletion.to(),
                            deletion.lsn(),
                            deletion.id()));
        }
    }

    /**
     * @return its handle, 1 or more
     */
    public long add(byte[] from, byte[] to, long stamp) {
        entries.add(new Entry(++lastHandle, from, to, stamp, stamp > 0 ? ++lastId : 0));
        return lastHandle;
    }

    public void stamp(long handle, long lsn) {
        Entry entry = entry(handle);
        Check.that(entry.stamp < 0, "a deletion is stamped once", entry.stamp);
        entry.stamp = lsn;
        entry.id = ++lastId;
    }

    public void undo(long handle) {
        Entry entry = entry(handle);
        Check.that(entry.stamp < 0, "only a pending deletion is taken back", entry.stamp);
        entries.remove(entry);
    }

    public int size() {
        return entries.size();
    }

    /** Highest id given so far. */
    public long lastId() {
        return lastId;
    }

    /** True when replay finds a deletion that is here already. */
    public boolean has(byte[] from, byte[] to, long stamp) {
        for (Entry entry : entries) {
            if (entry.stamp == stamp
                    && Arrays.equals(entry.from, from)
                    && Arrays.equals(entry.to, to)) {
                return true;
            }
        }
        return false;
    }

    /** The age of the newest deletion that covers a key, up to an age; 0 when there is none. */
    public long newestAge(byte[] rowKey, int length, long bound) {
        long newest = 0;
        for (int i = 0; i < entries.size(); i++) {
            Entry entry = entries.get(i);
            long age = RowVersion.age(entry.stamp);
            if (age > newest && age <= bound && entry.covers(rowKey, length)) {
                newest = age;
            }
        }
        return newest;
    }

    /** True when a read of {@code bound} sees a deletion of everything in a lost range. */
    boolean coverWhole(LostRange lost, long bound) {
        for (Entry entry : entries) {
            long age = RowVersion.age(entry.stamp);
            if (age <= bound
                    && age > lost.highestLsn()
                    && RowKey.compare(entry.from, lost.from()) <= 0
                    && RowKey.compare(entry.to, lost.to()) >= 0) {
                return true;
            }
        }
        return false;
    }

    /** True while one is not committed. */
    public boolean anyPending() {
        for (Entry entry : entries) {
            if (entry.stamp < 0) {
                return true;
            }
        }
        return false;
    }

    /** The committed ones up to an LSN, and the purges. */
    public RangeSet committed(long upToLsn) {
        if (entries.isEmpty()) {
            return RangeSet.EMPTY;
        }
        List<RangeDeletion> committed = new ArrayList<>();
        for (Entry entry : entries) {
            if (entry.stamp > 0
                    && (entry.stamp <= upToLsn || entry.stamp == RangeDeletion.PURGED)) {
                committed.add(entry.committed());
            }
        }
        return new RangeSet(committed);
    }

    /** Forgets committed deletions that nothing older is left of. */
    public void forget(Predicate<RangeDeletion> done) {
        if (!entries.isEmpty()) {
            entries.removeIf(entry -> entry.stamp > 0 && done.test(entry.committed()));
        }
    }

    private Entry entry(long handle) {
        for (Entry entry : entries) {
            if (entry.handle == handle) {
                return entry;
            }
        }
        throw new BugException("a deletion of a range is unknown: " + handle);
    }
}
