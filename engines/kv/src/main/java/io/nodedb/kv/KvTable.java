package io.nodedb.kv;

import io.nodedb.base.errors.Check;
import io.nodedb.base.memory.SlabAllocator;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.engine.CollectionOptions;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one collection in one partition, with their versions.
 *
 * <p>The index leads to the newest version of a key, pending or committed; older ones hang behind
 * it, newest first. When a version is committed, those below it go unless someone needs them; a
 * deletion goes too, once nothing below it is needed and no checkpoint could bring the key back.
 * What can't go yet waits in a queue for {@link #maintain}.
 */
@CoreOwned
final class KvTable {
    /** Buckets that housekeeping moves between two looks at the clock. */
    static final int MOVED_AT_ONCE = 16;

    final int collection;
    final EntryStore entries;
    final HashIndex index;
    private final SlabAllocator indexSlabs;
    private final Retention retention;

    /** Keys with old versions that someone needs. */
    private final VersionQueue retained;

    /** Deleted keys that a checkpoint must tell about first, in the order of their LSNs. */
    private final VersionQueue tombstones;

    private ChangedRegions changed;
    private @Nullable ChangedRegions emitting;
    private final ExpiryWheel wheel;
    private final TableObserver observer;
    private CollectionOptions options;
    private boolean isOpen = true;
    private long live;
    private long passEnd;
    private long dropHash;
    private boolean rootsDropped;

    /**
     * @param entries may be shared by tables
     * @param wheel may be shared by tables, too
     */
    KvTable(
            int collection,
            CollectionOptions options,
            EntryStore entries,
            SlabAllocator indexSlabs,
            Retention retention,
            ExpiryWheel wheel,
            TableObserver observer) {
        this.collection = collection;
        this.options = options;
        this.indexSlabs = indexSlabs;
        this.retention = retention;
        this.entries = entries;
        this.wheel = wheel;
        this.observer = observer;
        index = new HashIndex(indexSlabs, entries);
        retained = new VersionQueue(indexSlabs);
        tombstones = new VersionQueue(indexSlabs);
        changed = new ChangedRegions(indexSlabs);
    }

    /** Whom the collection belongs to. */
    int tenant() {
        return options.tenant();
    }

    CollectionOptions options() {
        return options;
    }

    void setOptions(CollectionOptions newOptions) {
        options = newOptions;
    }

    /** Keys whose newest applied version is a value. */
    long live() {
        return live;
    }

    /** The newest applied version of a key, 0 when there is none. */
    long find(long hash, byte[] key, int offset, int length) {
        return index.find(hash, key, offset, length);
    }

    /** Takes an entry of a checkpoint. */
    void load(EffectReader effect, long hash, long lsn) {
        retention.stamped(lsn);
        long head = find(hash, effect.buffer(), effect.keyOffset(), effect.keyLength());
        if (head != 0 && entries.stamp(head) >= lsn) {
            return;
        }
        boolean deleted = effect.kind() == EffectFormat.DELETE;
        if (head != 0) {
            disarm(head);
            live--;
            if (deleted) {
                index.removeFound();
            }
        }
        long entry = 0;
        if (!deleted) {
            entry = create(effect, lsn, EntryStore.IN_CHECKPOINT);
            if (head != 0) {
                index.replaceFound(entry);
            } else {
                index.insert(hash, entry);
            }
            arm(entry);
            live++;
        }
        observer.newest(head, entry);
        if (head != 0) {
            release(head);
        }
    }

    /**
     * Installs an effect as its key's newest version; the version when it is pending, otherwise 0.
     */
    long apply(EffectReader effect, long hash, long stamp) {
        long head = find(hash, effect.buffer(), effect.keyOffset(), effect.keyLength());
        if (stamp > 0 && head != 0) {
            long headStamp = entries.stamp(head);
            Check.that(headStamp > 0, "a commit comes after what was pending", headStamp);
            // One record may write a key several times: what it left is what its last one left.
            if (headStamp > stamp) {
                return 0;
            }
        }
        boolean wasThere = head != 0 && !entries.has(head, EntryStore.DELETED);
        boolean deleted = effect.kind() == EffectFormat.DELETE;
        if (deleted && !wasThere) {
            return 0;
        }
        long entry = create(effect, stamp, deleted ? EntryStore.DELETED : 0);
        if (head != 0) {
            disarm(head);
            entries.setPrevious(entry, head);
            index.replaceFound(entry);
        } else {
            index.insert(hash, entry);
            changed.fitTo(index.bits());
        }
        mark(hash);
        arm(entry);
        live += (deleted ? 0 : 1) - (wasThere ? 1 : 0);
        observer.newest(head, entry);
        if (stamp < 0) {
            return entry;
        }
        committed(entry, stamp);
        return 0;
    }

    /** A pending version is durable. */
    void stamp(long entry, long lsn) {
        Check.that(entries.stamp(entry) < 0, "version is pending", entries.stamp(entry));
        entries.setStamp(entry, lsn);
        committed(entry, lsn);
    }

    /** Takes back a pending version, the newest of its key. */
    void undo(long entry) {
        Check.that(entries.stamp(entry) < 0, "version is pending", entries.stamp(entry));
        long hash = entries.keyHash(entry);
        long head = find(hash, entries.keyScratch(), 0, entries.keyLength(entry));
        Check.that(head == entry, "the newest version is taken back first", entry, head);
        long previous = entries.previous(entry);
        disarm(entry);
        live -= entries.has(entry, EntryStore.DELETED) ? 0 : 1;
        if (previous == 0) {
            index.removeFound();
        } else {
            index.replaceFound(previous);
            live += entries.has(previous, EntryStore.DELETED) ? 0 : 1;
            arm(previous);
        }
        observer.newest(entry, previous);
        release(entry);
        // What waited for the pending version to take it along would be forgotten otherwise.
        if (previous != 0 && entries.stamp(previous) > 0) {
            prune(previous);
            settle(previous, hash);
        }
    }

    /** The wheel of what expires. */
    ExpiryWheel wheel() {
        return wheel;
    }

    /** What a version holds. */
    ValueType typeOf(long version) {
        return ValueForm.type(entries.form(version));
    }

    /** The structures that keys of this table hold; a structure's own table has none. */
    Structures structures() {
        return (Structures) observer;
    }

    /** False from the moment on that its memory is being given back. */
    boolean isOpen() {
        return isOpen;
    }

    void close() {
        isOpen = false;
    }

    boolean hasChanged() {
        return !changed.isEmpty();
    }

    /**
     * Starts a checkpoint: the regions that changed before it, which {@link #endCheckpoint} frees.
     */
    ChangedRegions beginCheckpoint() {
        ChangedRegions before = changed;
        emitting = before;
        changed = new ChangedRegions(indexSlabs);
        changed.fitTo(index.bits());
        return before;
    }

    /**
     * Ends a checkpoint; when it was not published, what it had covered counts as changed again.
     */
    void endCheckpoint(boolean published) {
        ChangedRegions before = emitting;
        if (before != null) {
            if (!published && !before.isEmpty()) {
                changed.markAll(before);
                observer.changed();
            }
            before.free();
            emitting = null;
        }
    }

    /**
     * The version of a key that a checkpoint holds: the newest committed one; 0 when there is none.
     */
    long newestCommitted(long head) {
        return entries.visibleAt(head, Long.MAX_VALUE);
    }

    /** A checkpoint holds this version. */
    void emitted(long entry) {
        entries.setFlags(entry, entries.flags(entry) | EntryStore.IN_CHECKPOINT);
    }

    /** A pending version was met in a region that is being emitted: it belongs to the next one. */
    void stillChanging(long hash) {
        mark(hash);
    }

    /** Starts a pass over the keys whose old versions someone needed. */
    void startPass() {
        passEnd = retained.size();
    }

    /**
     * One small piece of housekeeping: moves some buckets or looks at one waiting key.
     *
     * @return false when there is nothing to do until the next pass or publication
     */
    boolean maintain() {
        if (index.isMoving() && index.step(MOVED_AT_ONCE)) {
            return true;
        }
        if (passEnd > 0) {
            passEnd--;
            long hash = retained.firstHash();
            retained.removeFirst();
            lookAgain(hash);
            return true;
        }
        if (!tombstones.isEmpty() && tombstones.firstLsn() <= retention.publishedLsn()) {
            long hash = tombstones.firstHash();
            tombstones.removeFirst();
            lookAgain(hash);
            return true;
        }
        return false;
    }

    /** There is something for {@link #maintain} to do, now or later. */
    boolean awaitsMaintenance() {
        return index.isMoving() || !retained.isEmpty() || !tombstones.isEmpty();
    }

    /** Keys that wait for a snapshot or an answer to end. */
    long retainedKeys() {
        return retained.size();
    }

    /**
     * Moves the versions of one bucket out of chunks that are being emptied.
     *
     * @return false when the memory for a copy was refused
     */
    boolean moveBucket(long hash, SlabAllocator slabs) {
        int count = index.collect(hash);
        for (int i = 0; i < count; i++) {
            long head = index.collected(i);
            long above = 0;
            for (long version = head; version != 0; version = entries.previous(version)) {
                if (slabs.isDraining(version) && mayMove(version)) {
                    long copy = entries.copyOf(version);
                    if (copy == 0) {
                        return false;
                    }
                    putInPlace(version, copy, above);
                    entries.free(version);
                    version = copy;
                }
                above = version;
            }
        }
        return true;
    }

    private boolean mayMove(long version) {
        return entries.stamp(version) > 0 && !retention.pinned.isPinned(version);
    }

    /**
     * @param above the next newer version of the key; 0 when there is none
     */
    private void putInPlace(long version, long copy, long above) {
        if (above != 0) {
            entries.setPrevious(above, copy);
            return;
        }
        long hash = entries.keyHash(version);
        long found = find(hash, entries.keyScratch(), 0, entries.keyLength(version));
        Check.that(found == version, "the newest version is in the index", version, found);
        index.replaceFound(copy);
        if (entries.isArmed(version)) {
            wheel.replace(version, copy);
        }
        observer.newest(version, copy);
    }

    /**
     * Frees the versions of one bucket on the way to {@link #free}; the first hash of the next
     * bucket.
     */
    long dropBucket(long hash) {
        long next = index.nextBucketHash(hash);
        int count = index.takeAll(hash);
        for (int i = 0; i < count; i++) {
            long entry = index.collected(i);
            disarm(entry);
            while (entry != 0) {
                long previous = entries.previous(entry);
                release(entry);
                entry = previous;
            }
        }
        return next;
    }

    /** Frees a part of a dropped collection; true when nothing is left of it. */
    boolean dropStep() {
        if (!rootsDropped) {
            dropHash = dropBucket(dropHash);
            rootsDropped = dropHash == 0;
            return false;
        }
        if (structures().maintain()) {
            return false;
        }
        free();
        return true;
    }

    /** Frees what remains when all buckets are dropped. */
    void free() {
        index.free();
        retained.free();
        tombstones.free();
        changed.free();
        endCheckpoint(true);
    }

    private void mark(long hash) {
        changed.mark(hash);
        observer.changed();
    }

    private void release(long entry) {
        observer.freeing(entry);
        entries.free(entry);
    }

    private long create(EffectReader effect, long stamp, int flags) {
        boolean deleted = (flags & EntryStore.DELETED) != 0;
        long entry =
                entries.create(
                        stamp,
                        flags,
                        effect.form(),
                        deleted ? 0 : effect.expireAtMillis(),
                        effect.buffer(),
                        effect.keyOffset(),
                        effect.keyLength(),
                        effect.valueOffset(),
                        deleted ? 0 : effect.valueLength());
        observer.created(entry);
        return entry;
    }

    private void arm(long entry) {
        long expireAt = entries.expireAt(entry);
        if (expireAt != 0) {
            wheel.add(entry, expireAt);
        }
    }

    private void disarm(long entry) {
        if (entries.has(entry, EntryStore.TIMED)) {
            wheel.remove(entry);
        }
    }

    private void committed(long entry, long lsn) {
        retention.stamped(lsn);
        long previous = entries.previous(entry);
        if (previous != 0) {
            int inherited =
                    entries.flags(previous) & (EntryStore.IN_CHECKPOINT | EntryStore.QUEUED);
            if (inherited != 0) {
                entries.setFlags(entry, entries.flags(entry) | inherited);
            }
            prune(entry);
        }
        if (entries.previous(entry) != 0 || entries.has(entry, EntryStore.DELETED)) {
            settle(entry, entries.keyHash(entry));
        }
    }

    /** Drops what nobody needs below a committed version. */
    private void prune(long entry) {
        long above = entry;
        long version = entries.previous(entry);
        while (version != 0) {
            long below = entries.previous(version);
            if (retention.needed(version, entries.stamp(version), entries.stamp(above))) {
                above = version;
            } else {
                entries.setPrevious(above, below);
                release(version);
            }
            version = below;
        }
    }

    /**
     * Takes a key out when its newest committed version is a deletion that is not needed, or lets
     * it wait. Its key stands in the entries' scratch. True when a version was freed.
     */
    private boolean settle(long entry, long hash) {
        long lsn = entries.stamp(entry);
        int flags = entries.flags(entry);
        // A transaction that began before a deletion must find it when it commits a write.
        boolean retains =
                entries.previous(entry) != 0
                        || ((flags & EntryStore.DELETED) != 0 && retention.snapshotBefore(lsn));
        if (!retains && (flags & EntryStore.DELETED) == 0) {
            return false;
        }
        boolean awaitsCheckpoint =
                (flags & EntryStore.IN_CHECKPOINT) != 0 && lsn > retention.publishedLsn();
        if (!retains && !awaitsCheckpoint && !retention.pinned.isPinned(entry)) {
            int keyLength = entries.keyLength(entry);
            if (find(hash, entries.keyScratch(), 0, keyLength) != entry) {
                // A pending version above will take it along when it is committed.
                return false;
            }
            index.removeFound();
            release(entry);
            return true;
        }
        if ((flags & EntryStore.QUEUED) == 0) {
            entries.setFlags(entry, flags | EntryStore.QUEUED);
            if (awaitsCheckpoint && !retains) {
                tombstones.add(hash, lsn);
            } else {
                retained.add(hash, lsn);
            }
        }
        return false;
    }

    /** Looks again at the keys of a hash that stood in a queue. */
    private void lookAgain(long hash) {
        boolean again = true;
        while (again) {
            again = false;
            int count = index.collect(hash);
            for (int i = 0; i < count && !again; i++) {
                long entry = newestCommitted(index.collected(i));
                if (entry != 0
                        && entries.has(entry, EntryStore.QUEUED)
                        && entries.keyHash(entry) == hash) {
                    entries.setFlags(entry, entries.flags(entry) & ~EntryStore.QUEUED);
                    prune(entry);
                    // Taking a key out may move buckets, and with them what was collected.
                    again = settle(entry, hash);
                }
            }
        }
    }
}
