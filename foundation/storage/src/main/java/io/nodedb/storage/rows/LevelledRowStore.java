package io.nodedb.storage.rows;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.block.BlockCodec;
import io.nodedb.storage.rows.block.BlockCursor;
import io.nodedb.storage.rows.block.KeyFilter;
import io.nodedb.storage.rows.block.RowKey;
import io.nodedb.storage.rows.block.RowVersion;
import io.nodedb.storage.rows.cache.BlockCache;
import io.nodedb.storage.rows.cache.BlockRequests;
import io.nodedb.storage.rows.memtable.Memtable;
import io.nodedb.storage.rows.ranges.LostRange;
import io.nodedb.storage.rows.ranges.LostRanges;
import io.nodedb.storage.rows.ranges.RangeDeletion;
import io.nodedb.storage.rows.ranges.RangeDeletions;
import io.nodedb.storage.rows.segment.BulkFiles;
import io.nodedb.storage.rows.segment.BulkWriter;
import io.nodedb.storage.rows.segment.Levels;
import io.nodedb.storage.rows.segment.Segment;
import io.nodedb.storage.rows.segment.SegmentOptions;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The {@link RowStore}: memtables over files in levels. Owned by one core. */
@CoreOwned
public final class LevelledRowStore implements RowStore {
    private static final byte[] NOTHING = new byte[0];

    private final RowStoreEnvironment environment;
    private final RowStoreSettings settings;
    private final BlockCache cache;
    private final Memtables memtables;
    private final RangeDeletions ranges;
    private final LostRanges lost;
    private final RowFiles files;
    private final BackgroundWork work;
    private final SegmentLookup lookup;
    private final Set<Integer> keyspaces = new HashSet<>();
    private final Set<String> reportedPaths = new HashSet<>();

    private byte[] rowKey = new byte[256];

    /** Of the version that was found in a file last. */
    private long foundLsn;

    private long bytesWritten;
    private long reads;
    private long misses;
    private boolean abandoned;
    private boolean closed;

    /** A store over what {@link RowStoreLoader} found; replay follows. */
    public LevelledRowStore(RowStoreEnvironment environment, RecoveredRows recovered) {
        this.environment = environment;
        this.settings = environment.settings();
        this.cache = environment.cache();
        this.memtables = new Memtables(environment.governor());
        this.ranges =
                new RangeDeletions(
                        recovered.manifest().ranges(), recovered.manifest().lastRangeId());
        this.lost = new LostRanges(recovered.manifest().lost());
        this.files = new RowFiles(environment, recovered.levels());
        this.work =
                new BackgroundWork(
                        environment,
                        recovered,
                        files,
                        memtables,
                        ranges,
                        lost,
                        keyspaces::contains);
        this.lookup = new SegmentLookup(cache);
    }

    @Override
    public void openKeyspace(int keyspace) {
        Check.that(keyspace >= 0 && keyspace < Integer.MAX_VALUE, "keyspace is a number", keyspace);
        keyspaces.add(keyspace);
    }

    @Override
    public void dropKeyspace(int keyspace) {
        keyspaces.remove(keyspace);
        byte[] from = RowKey.of(keyspace, NOTHING, 0, 0);
        byte[] to = RowKey.endOf(keyspace);
        if (mayHold(from, to) && !ranges.has(from, to, RangeDeletion.PURGED)) {
            ranges.add(from, to, RangeDeletion.PURGED);
        }
    }

    private boolean mayHold(byte[] from, byte[] to) {
        for (int level = 0; level < files.levels().count(); level++) {
            if (!files.levels().overlapping(level, from, to).isEmpty()) {
                return true;
            }
        }
        // Jobs under way may be writing what a memtable, or a file that is not listed yet, holds.
        return !work.idle() || work.hasUnpublished() || memtables.mayHold(from, to);
    }

    @Override
    public long rows(int keyspace) {
        if (!keyspaces.contains(keyspace)) {
            return 0;
        }
        return work.rows().of(keyspace) + memtables.rowsAdded(keyspace);
    }

    void checkOpen(int keyspace) {
        Check.that(keyspaces.contains(keyspace), "the keyspace is open", keyspace);
    }

    @Override
    public int get(
            int keyspace,
            byte[] key,
            int offset,
            int length,
            long readLsn,
            RowTarget target,
            BlockRequests requests) {
        checkOpen(keyspace);
        int keyLength = compose(keyspace, key, offset, length);
        long bound = RowVersion.bound(readLsn);
        long rangeAge = rangeAge(rowKey, keyLength, bound);
        if (fromMemtables(keyLength, bound, rangeAge, target)) {
            reads++;
            return target.found();
        }
        try {
            int outcome = fromFiles(keyLength, bound, requests);
            if (outcome == MISS) {
                misses++;
                return MISS;
            }
            reads++;
            if (!lost.isEmpty()) {
                checkNotLost(
                        rowKey,
                        keyLength,
                        bound,
                        Math.max(rangeAge, outcome == FOUND ? foundLsn : 0));
            }
            if (outcome == FOUND) {
                BlockCursor entry = lookup.entry();
                return fill(target, entry, foundLsn, rangeAge);
            }
            target.fillAbsent(RowVersion.stampOfAge(rangeAge));
            return ABSENT;
        } catch (DamagedFileException e) {
            throw reported(e);
        }
    }

    private boolean fromMemtables(int keyLength, long bound, long rangeAge, RowTarget target) {
        if (fromMemtable(memtables.active(), keyLength, bound, rangeAge, target)) {
            return true;
        }
        List<Memtable> sealed = memtables.sealed();
        for (int i = sealed.size() - 1; i >= 0; i--) {
            if (fromMemtable(sealed.get(i), keyLength, bound, rangeAge, target)) {
                return true;
            }
        }
        return false;
    }

    private boolean fromMemtable(
            Memtable memtable, int keyLength, long bound, long rangeAge, RowTarget target) {
        long node = memtable.find(rowKey, keyLength);
        long version = node == Memtable.NONE ? Memtable.NONE : memtable.visible(node, bound);
        if (version == Memtable.NONE) {
            return false;
        }
        long stamp = memtable.stamp(version);
        if (RowVersion.age(stamp) < rangeAge) {
            target.fillAbsent(RowVersion.stampOfAge(rangeAge));
        } else if (memtable.kind(version) == RowVersion.PUT) {
            memtable.copyValue(version, target.fill(memtable.valueLength(version), stamp));
        } else {
            target.fillAbsent(stamp);
        }
        return true;
    }

    private int fromFiles(int keyLength, long bound, BlockRequests requests) {
        Levels levels = files.levels();
        if (levels.isEmpty()) {
            return ABSENT;
        }
        long hash = KeyFilter.hash(rowKey, keyLength);
        List<Segment> levelZero = levels.level(0);
        for (int i = 0; i < levelZero.size(); i++) {
            Segment segment = levelZero.get(i);
            if (segment.mayHold(rowKey, keyLength)) {
                int outcome = lookup.find(segment, rowKey, keyLength, hash, bound, requests);
                if (outcome != ABSENT) {
                    return outcome == FOUND
                            ? newestOfLevelZero(i, keyLength, hash, bound, requests)
                            : outcome;
                }
            }
        }
        for (int level = 1; level < levels.count(); level++) {
            Segment segment = levels.find(level, rowKey, keyLength);
            if (segment != null) {
                int outcome = lookup.find(segment, rowKey, keyLength, hash, bound, requests);
                if (outcome != ABSENT) {
                    return found(segment, outcome);
                }
            }
        }
        return ABSENT;
    }

    /**
     * A file of level 0 has the key. An older file may still have a newer version of it: one that
     * was pending when a bulk load, which lies above it now, had its LSN already.
     */
    private int newestOfLevelZero(
            int foundAt, int keyLength, long hash, long bound, BlockRequests requests) {
        List<Segment> levelZero = files.levels().level(0);
        Segment newest = levelZero.get(foundAt);
        foundLsn = newest.lsn(lookup.entry().lsn());
        boolean moved = false;
        for (int i = foundAt + 1; i < levelZero.size(); i++) {
            Segment segment = levelZero.get(i);
            if (segment.info().highestLsn() > foundLsn && segment.mayHold(rowKey, keyLength)) {
                moved = true;
                int outcome = lookup.find(segment, rowKey, keyLength, hash, bound, requests);
                if (outcome == MISS) {
                    return MISS;
                }
                if (outcome == FOUND && segment.lsn(lookup.entry().lsn()) > foundLsn) {
                    newest = segment;
                    foundLsn = segment.lsn(lookup.entry().lsn());
                }
            }
        }
        return moved
                ? found(newest, lookup.find(newest, rowKey, keyLength, hash, bound, requests))
                : FOUND;
    }

    private int found(Segment segment, int outcome) {
        if (outcome == FOUND) {
            foundLsn = segment.lsn(lookup.entry().lsn());
        }
        return outcome;
    }

    private static int fill(RowTarget target, BlockCursor entry, long lsn, long rangeAge) {
        if (lsn < rangeAge) {
            target.fillAbsent(RowVersion.stampOfAge(rangeAge));
            return ABSENT;
        }
        if (entry.kind() == RowVersion.PUT) {
            entry.copyValue(target.fill(entry.valueLength(), lsn));
            return FOUND;
        }
        target.fillAbsent(lsn);
        return ABSENT;
    }

    /** The age of the newest deletion of a range over a key, as far as a read sees it. */
    long rangeAge(byte[] ofRowKey, int keyLength, long bound) {
        return ranges.size() == 0 ? 0 : ranges.newestAge(ofRowKey, keyLength, bound);
    }

    boolean anyLost() {
        return !lost.isEmpty();
    }

    /** Throws when damage may have taken a version of a key that is newer than what was found. */
    void checkNotLost(byte[] ofRowKey, int keyLength, long bound, long foundAge) {
        LostRange hiding = lost.hiding(ofRowKey, keyLength, bound, foundAge);
        if (hiding != null) {
            throw hiding.exception(environment.directory());
        }
    }

    /** Throws when damage may have taken keys between two that a cursor passes. */
    void checkNoneLost(
            byte[] low, int lowLength, boolean inclusive, byte[] high, int highLength, long bound) {
        LostRange between =
                lost.between(low, lowLength, inclusive, high, highLength, bound, ranges);
        if (between != null) {
            throw between.exception(environment.directory());
        }
    }

    @Override
    public List<LostRange> lostRanges() {
        return lost.all();
    }

    @Override
    public void acceptLoss(LostRange range) {
        lost.forget(range::isSame);
        work.publishAgain();
    }

    /** Damage is told once per file, and thrown each time. */
    DamagedFileException reported(DamagedFileException damage) {
        if (reportedPaths.add(damage.path())) {
            environment.damage().damaged(damage, work.describe());
        }
        return damage;
    }

    void missed() {
        misses++;
    }

    long epoch() {
        return work.epoch();
    }

    /** What a cursor over a keyspace merges, newest first. */
    List<RowSource> sources(int keyspace) {
        List<RowSource> sources = new ArrayList<>();
        sources.add(new MemtableSource(memtables.active()));
        List<Memtable> sealed = memtables.sealed();
        for (int i = sealed.size() - 1; i >= 0; i--) {
            sources.add(new MemtableSource(sealed.get(i)));
        }
        byte[] from = RowKey.of(keyspace, NOTHING, 0, 0);
        byte[] to = RowKey.endOf(keyspace);
        Levels levels = files.levels();
        for (Segment segment : levels.overlapping(0, from, to)) {
            sources.add(new RunSource(cache, List.of(segment)));
        }
        for (int level = 1; level < levels.count(); level++) {
            List<Segment> run = levels.overlapping(level, from, to);
            if (!run.isEmpty()) {
                sources.add(new RunSource(cache, run));
            }
        }
        return sources;
    }

    @Override
    public RowCursor newCursor() {
        return new MergedCursor(this);
    }

    @Override
    public boolean reserve(int operations, long bytes) {
        if (memtables.active().dataBytes() >= settings.memtableBytes()
                && memtables.sealed().size() < settings.sealedMemtables()) {
            work.seal();
        }
        return memtables.active().ensureAvailable(Memtable.worstBytes(operations, bytes))
                || bytes == 0;
    }

    @Override
    public WritePressure pressure() {
        return work.pressure();
    }

    @Override
    public long put(
            int keyspace,
            byte[] key,
            int keyOffset,
            int keyLength,
            byte[] value,
            int valueOffset,
            int valueLength,
            int rowsAdded,
            long stamp) {
        Check.that(valueLength <= MAX_VALUE_BYTES, "value is not too long", valueLength);
        return add(
                keyspace,
                key,
                keyOffset,
                keyLength,
                RowVersion.PUT,
                value,
                valueOffset,
                valueLength,
                rowsAdded,
                stamp);
    }

    @Override
    public long delete(
            int keyspace, byte[] key, int keyOffset, int keyLength, int rowsAdded, long stamp) {
        return add(
                keyspace,
                key,
                keyOffset,
                keyLength,
                RowVersion.DELETE,
                NOTHING,
                0,
                0,
                rowsAdded,
                stamp);
    }

    private long add(
            int keyspace,
            byte[] key,
            int keyOffset,
            int keyLength,
            int kind,
            byte[] value,
            int valueOffset,
            int valueLength,
            int rowsAdded,
            long stamp) {
        if (isPassedOver(keyspace, stamp)) {
            return 0;
        }
        Memtable target = stamp > 0 ? ofCommitted(stamp) : memtables.active();
        int length = compose(keyspace, key, keyOffset, keyLength);
        long version =
                target.add(
                        rowKey,
                        length,
                        kind,
                        value,
                        valueOffset,
                        valueLength,
                        rowsAdded,
                        stamp,
                        environment.horizon());
        bytesWritten += keyLength + valueLength;
        return stamp > 0 || version == Memtable.NONE ? 0 : Memtables.handle(target, version);
    }

    /**
     * Where a version that is committed already belongs: with the oldest ones that are pending,
     * which will be committed after it. So LSNs ascend from one memtable to the next, and files
     * cover all of them up to an LSN.
     */
    private Memtable ofCommitted(long lsn) {
        Memtable waiting = memtables.oldestSealedPending();
        if (waiting != null) {
            return waiting;
        }
        Memtable active = memtables.active();
        if (active.pending() == 0
                && lsn > active.highestLsn()
                && active.dataBytes() >= settings.memtableBytes()) {
            // Replay reserves nothing; between two commits it may go on in a new one.
            work.seal();
        }
        return memtables.active();
    }

    /** Of a purged keyspace, or in files already. */
    private boolean isPassedOver(int keyspace, long stamp) {
        Check.that(stamp != 0, "a version has a stamp");
        return !keyspaces.contains(keyspace) || (stamp > 0 && stamp <= work.coveredLsn());
    }

    @Override
    public long deleteRange(int keyspace, byte[] from, byte @Nullable [] to, long stamp) {
        if (isPassedOver(keyspace, stamp)) {
            return 0;
        }
        byte[] start = RowKey.of(keyspace, from, 0, from.length);
        byte[] end = to == null ? RowKey.endOf(keyspace) : RowKey.of(keyspace, to, 0, to.length);
        if (RowKey.compare(start, end) >= 0 || ranges.has(start, end, stamp)) {
            return 0;
        }
        long handle = ranges.add(start, end, stamp);
        return stamp > 0 ? 0 : handle;
    }

    @Override
    public boolean rangeFits() {
        return ranges.size() < MAX_RANGES;
    }

    @Override
    public void stamp(long handle, long lsn) {
        if (handle == 0) {
            return;
        }
        if (Memtables.isVersion(handle)) {
            memtables.ofHandle(handle).stamp(Memtables.version(handle), lsn, environment.horizon());
        } else {
            ranges.stamp(handle, lsn);
        }
    }

    @Override
    public void undo(long handle) {
        if (handle == 0) {
            return;
        }
        if (Memtables.isVersion(handle)) {
            memtables.ofHandle(handle).undo(Memtables.version(handle));
        } else {
            ranges.undo(handle);
        }
    }

    @Override
    public void seal() {
        work.requestSeal();
    }

    @Override
    public @Nullable RowJob nextJob(long stampedLsn, long syncedLsn) {
        return abandoned || closed ? null : work.next(stampedLsn, syncedLsn);
    }

    @Override
    public void finished(RowJob job, @Nullable Throwable failure) {
        work.finished(job, failure);
        if (abandoned && work.idle()) {
            close();
        }
    }

    @Override
    public BulkWriter newBulkWriter() {
        return new BulkWriter(
                environment.disk(),
                environment.directory(),
                environment.owner(),
                work.numbersOfBulkFiles(),
                new SegmentOptions(
                        settings.blockBytes(), settings.filterBitsPerKey(), BlockCodec.smallest()),
                settings.fileBytes());
    }

    @Override
    public void ingest(BulkFiles bulk, long lsn) {
        Check.that(lsn > work.coveredLsn(), "a load has an LSN of its own", lsn);
        if (bulk.segments().isEmpty()) {
            return;
        }
        List<Segment> segments = new ArrayList<>();
        for (Segment segment : bulk.segments()) {
            segments.add(segment.withInfo(segment.info().withAssignedLsn(lsn)));
        }
        work.ingest(segments);
    }

    @Override
    public int pendingIngests() {
        return work.pendingIngests();
    }

    @Override
    public long coveredLsn() {
        return work.coveredLsn();
    }

    @Override
    public long memoryBytes() {
        return memtables.memoryBytes() + files.directoryBytes();
    }

    @Override
    public long memtableBytes() {
        return memtables.memoryBytes();
    }

    @Override
    public boolean isWrittenOut() {
        return memtables.active().isEmpty() && memtables.sealed().isEmpty();
    }

    @Override
    public RowStoreStatistics statistics() {
        List<RowStoreStatistics.Level> levels = new ArrayList<>();
        for (int level = 0; level < files.levels().count(); level++) {
            List<Segment> segments = files.levels().level(level);
            long entries = segments.stream().mapToLong(s -> s.info().entries()).sum();
            levels.add(
                    new RowStoreStatistics.Level(
                            segments.size(), files.levels().bytes(level), entries));
        }
        return new RowStoreStatistics(
                bytesWritten,
                work.bytesFlushed(),
                work.bytesCompacted(),
                work.bytesCompactionRead(),
                reads,
                lookup.blocksLookedAt(),
                misses,
                memtables.count(),
                levels);
    }

    @Override
    public void abandon() {
        abandoned = true;
        if (work.idle()) {
            close();
        }
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        memtables.close();
        try {
            for (LevelEdit edit : work.unpublished()) {
                if (!edit.ingest()) {
                    closeNew(edit.removed(), edit.added());
                }
            }
            closeNew(List.of(), work.waitingBulkFiles());
            files.close();
        } catch (IOException e) {
            // Files that were only read: nothing is lost with them.
            System.getLogger(LevelledRowStore.class.getName())
                    .log(System.Logger.Level.WARNING, "A file of rows can't be closed", e);
        }
    }

    private static void closeNew(List<Segment> removed, List<Segment> added) throws IOException {
        for (Segment segment : added) {
            if (!removed.contains(segment)) {
                segment.file().file().close();
            }
        }
    }

    private int compose(int keyspace, byte[] key, int offset, int length) {
        Check.that(length <= MAX_KEY_BYTES, "key is not too long", length);
        int total = RowKey.PREFIX_BYTES + length;
        if (rowKey.length < total) {
            rowKey = Arrays.copyOf(rowKey, 2 * total);
        }
        RowKey.putKeyspace(keyspace, rowKey);
        System.arraycopy(key, offset, rowKey, RowKey.PREFIX_BYTES, length);
        return total;
    }
}
