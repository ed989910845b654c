package io.nodedb.storage.rows;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.quarantine.DamagedFileException;
import io.nodedb.storage.rows.block.BlockCodec;
import io.nodedb.storage.rows.block.RowKey;
import io.nodedb.storage.rows.compaction.CompactionJob;
import io.nodedb.storage.rows.compaction.CompactionPicker;
import io.nodedb.storage.rows.compaction.CompactionPlan;
import io.nodedb.storage.rows.compaction.FlushJob;
import io.nodedb.storage.rows.compaction.JobFiles;
import io.nodedb.storage.rows.counts.KeyspaceRows;
import io.nodedb.storage.rows.manifest.DeleteJob;
import io.nodedb.storage.rows.manifest.PublishJob;
import io.nodedb.storage.rows.manifest.RowManifest;
import io.nodedb.storage.rows.manifest.RowManifestFile;
import io.nodedb.storage.rows.memtable.Memtable;
import io.nodedb.storage.rows.ranges.LostRange;
import io.nodedb.storage.rows.ranges.LostRanges;
import io.nodedb.storage.rows.ranges.RangeDeletion;
import io.nodedb.storage.rows.ranges.RangeDeletions;
import io.nodedb.storage.rows.ranges.RangeSet;
import io.nodedb.storage.rows.segment.FileNumbers;
import io.nodedb.storage.rows.segment.Levels;
import io.nodedb.storage.rows.segment.Segment;
import io.nodedb.storage.rows.segment.SegmentInfo;
import io.nodedb.storage.rows.segment.SegmentOptions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Decides what background work is due and takes its results. At most one flush, one compaction, one
 * publication and one deletion are out at a time.
 *
 * <pre>
 *   frozen memtable ─FlushJob─┐
 *   files of a level ─CompactionJob─┼─► edit ─(log synced that far)─ PublishJob ─► installed
 *   bulk files ─────────────┘
 * </pre>
 *
 * <p>Owned by the store's core.
 */
@CoreOwned
final class BackgroundWork {
    private final RowStoreEnvironment environment;
    private final RowStoreSettings settings;
    private final RowFiles files;
    private final Memtables memtables;
    private final RangeDeletions ranges;
    private final LostRanges lost;
    private final CompactionPicker picker;
    private final FileNumbers numbers;
    private final JobFiles jobFiles;
    private final RowManifestFile manifestFile;
    private final IntPredicate openKeyspaces;
    private final Deque<LevelEdit> edits = new ArrayDeque<>();
    private final Deque<BulkLoad> bulkLoads = new ArrayDeque<>();

    private RowManifest manifest;
    private @Nullable FlushJob flushing;
    private @Nullable CompactionJob compacting;
    private @Nullable PublishJob publishing;
    private @Nullable DeleteJob deleting;
    private boolean flushUnpublished;
    private boolean compactionUnpublished;
    private boolean sealRequested;

    /** A load may come to lie below deletions that are newer than it and are in memory now. */
    private boolean bulkExpected;

    private boolean paused;
    private long pausedUntilNanos;
    private long epoch;
    private long bytesFlushed;
    private long bytesCompacted;
    private long bytesCompactionRead;

    /** Files that wait for the memtables that were sealed before them. */
    private record BulkLoad(List<Segment> segments, List<Memtable> before) {}

    BackgroundWork(
            RowStoreEnvironment environment,
            RecoveredRows recovered,
            RowFiles files,
            Memtables memtables,
            RangeDeletions ranges,
            LostRanges lost,
            IntPredicate openKeyspaces) {
        this.lost = lost;
        this.openKeyspaces = openKeyspaces;
        this.environment = environment;
        this.settings = environment.settings();
        this.files = files;
        this.memtables = memtables;
        this.ranges = ranges;
        this.manifest = recovered.manifest();
        this.picker =
                new CompactionPicker(settings, environment.horizon(), recovered.levels().count());
        this.numbers = new FileNumbers(recovered.nextFileNumber());
        this.jobFiles =
                new JobFiles(
                        environment.disk(), environment.directory(), environment.owner(), numbers);
        this.manifestFile =
                new RowManifestFile(
                        environment.disk(), environment.directory(), environment.owner());
    }

    FileNumbers numbersOfBulkFiles() {
        bulkExpected = true;
        return numbers;
    }

    long coveredLsn() {
        return manifest.coveredLsn();
    }

    /** Changes whenever memtables or files come or go. */
    long epoch() {
        return epoch;
    }

    void seal() {
        memtables.seal();
        epoch++;
    }

    /** What the manifest says beside its files has changed. */
    void publishAgain() {
        edits.add(LevelEdit.ofCoverage());
    }

    void requestSeal() {
        sealRequested = true;
    }

    @Nullable RowJob next(long stampedLsn, long syncedLsn) {
        memtables.relieve();
        if (paused && environment.time().nanoTime() - pausedUntilNanos < 0) {
            return null;
        }
        paused = false;
        sealWhenAsked(stampedLsn, syncedLsn);
        RowJob job = publish(stampedLsn, syncedLsn);
        if (job == null) {
            job = flush(syncedLsn);
        }
        if (job == null) {
            job = compact(syncedLsn);
        }
        return job == null ? delete() : job;
    }

    private void sealWhenAsked(long stampedLsn, long syncedLsn) {
        if (!sealRequested) {
            return;
        }
        if (!memtables.active().isEmpty()) {
            seal();
            sealRequested = false;
        } else if (memtables.sealed().isEmpty() && edits.isEmpty() && !ranges.anyPending()) {
            sealRequested = false;
            if (Math.min(stampedLsn, syncedLsn) > coveredLsn()) {
                edits.add(LevelEdit.ofCoverage());
            }
        }
    }

    private @Nullable RowJob publish(long stampedLsn, long syncedLsn) {
        placeBulkLoad();
        LevelEdit edit = edits.peek();
        // What the core calls stamped follows the stamps themselves, by as long as the log's writer
        // takes to say so.
        long reached = Math.min(stampedLsn, syncedLsn);
        if (edit == null || publishing != null || edit.highestLsn() > reached) {
            return null;
        }
        long covered = Math.min(reached, memtables.lowestLsnBut(edit.flushed()) - 1);
        Memtable flushed = edit.flushed();
        Check.that(
                flushed == null || covered >= flushed.highestLsn(),
                "what is flushed is covered",
                flushed == null ? 0 : flushed.highestLsn(),
                covered);
        covered = Math.max(covered, coveredLsn());
        Levels next = files.levels().with(edit.removed(), edit.level(), edit.added());
        forgetRanges(next);
        forgetLost(ranges.committed(covered));
        List<LostRange> stillLost = new ArrayList<>(lost.all());
        stillLost.addAll(edit.lost());
        List<List<SegmentInfo>> infos = new ArrayList<>();
        for (int level = 0; level < next.count(); level++) {
            infos.add(next.level(level).stream().map(Segment::info).toList());
        }
        publishing =
                new PublishJob(
                        manifestFile,
                        new RowManifest(
                                manifest.sequence() + 1,
                                environment.incarnation(),
                                covered,
                                numbers.next(),
                                infos,
                                ranges.committed(covered),
                                ranges.lastId(),
                                manifest.rows()
                                        .with(
                                                flushed == null ? null : flushed.deltas(),
                                                openKeyspaces),
                                stillLost));
        return publishing;
    }

    /** A deletion of a range has done its work when no file and no memtable may hold older rows. */
    private void forgetRanges(Levels next) {
        ranges.forget(range -> !mayMatter(range, files.levels()) && !mayMatter(range, next));
    }

    /** What was lost matters no more once a deletion of a range covers it for every snapshot. */
    private void forgetLost(RangeSet committed) {
        if (!lost.isEmpty()) {
            lost.forget(one ->
                    committed.deletions().stream()
                            .anyMatch(range ->
                                    one.isCoveredBy(range)
                                            && (range.lsn() == RangeDeletion.PURGED
                                                    || !environment
                                                            .horizon()
                                                            .needed(
                                                                    one.lowestLsn(),
                                                                    range.lsn()))));
        }
    }

    private boolean mayMatter(RangeDeletion range, Levels levels) {
        for (LostRange one : lost.all()) {
            if (one.lowestLsn() < range.lsn() && range.overlaps(one.from(), one.to())) {
                return true;
            }
        }
        if (memtables.lowestLsnBut(null) < range.lsn() || memtables.active().pending() > 0) {
            return true;
        }
        for (Memtable memtable : memtables.sealed()) {
            if (memtable.pending() > 0) {
                return true;
            }
        }
        for (int level = 0; level < levels.count(); level++) {
            for (Segment segment : levels.level(level)) {
                if (CompactionPicker.appliesTo(segment, range)) {
                    return true;
                }
            }
        }
        for (BulkLoad load : bulkLoads) {
            for (Segment segment : load.segments()) {
                if (CompactionPicker.appliesTo(segment, range)) {
                    return true;
                }
            }
        }
        return false;
    }

    private @Nullable RowJob flush(long syncedLsn) {
        Memtable memtable = memtables.oldestFrozen();
        if (memtable == null
                || flushing != null
                || flushUnpublished
                || isBehindBulkLoad(memtable)) {
            return null;
        }
        flushing =
                new FlushJob(
                        memtable,
                        jobFiles,
                        options(BlockCodec.LZ4),
                        environment.horizon(),
                        ranges.committed(syncedLsn),
                        files.levels().isEmpty() && edits.isEmpty() && !bulkExpected);
        return flushing;
    }

    private @Nullable RowJob compact(long syncedLsn) {
        if (compacting != null || compactionUnpublished || !bulkLoads.isEmpty()) {
            return null;
        }
        RangeSet committed = ranges.committed(syncedLsn);
        CompactionPlan plan = picker.pick(files.levels(), committed);
        if (plan == null) {
            return null;
        }
        if (plan.kind() != CompactionPlan.Kind.MERGE) {
            List<Segment> added =
                    plan.kind() == CompactionPlan.Kind.MOVE ? plan.upper() : List.of();
            compactionUnpublished = true;
            edits.add(new LevelEdit(plan.upper(), plan.outputLevel(), added, null, false));
            return publish(coveredLsn(), syncedLsn);
        }
        boolean lowest = plan.outputLevel() >= plan.levels().lowest();
        compacting =
                new CompactionJob(
                        plan,
                        jobFiles,
                        options(lowest ? BlockCodec.smallest() : BlockCodec.LZ4),
                        settings.fileBytes(),
                        environment.horizon(),
                        committed,
                        picker.damaged(),
                        environment.governor());
        return compacting;
    }

    private @Nullable RowJob delete() {
        if (deleting == null && files.anyRetired()) {
            deleting = files.deletions();
            return deleting;
        }
        return null;
    }

    private SegmentOptions options(BlockCodec codec) {
        return new SegmentOptions(settings.blockBytes(), settings.filterBitsPerKey(), codec);
    }

    void finished(RowJob job, @Nullable Throwable failure) {
        if (failure != null) {
            pause();
            if (failure instanceof DamagedFileException damage) {
                environment.damage().damaged(damage, describe());
                picker.foundDamaged(numberOf(damage));
            }
        }
        switch (job) {
            case FlushJob flush -> flushed(flush, failure == null);
            case CompactionJob compaction -> compacted(compaction, failure == null);
            case PublishJob publication -> published(publication, failure == null);
            case DeleteJob deletion -> {
                Check.that(deletion == deleting, "a job comes back once");
                deleting = null;
                files.retryDeleting(deletion.remaining());
            }
            default -> Check.that(false, "a job comes back to its store");
        }
    }

    private void pause() {
        paused = true;
        pausedUntilNanos = environment.time().nanoTime() + settings.retryPauseNanos();
    }

    private void flushed(FlushJob job, boolean succeeded) {
        Check.that(job == flushing, "a job comes back once");
        flushing = null;
        if (succeeded) {
            Segment segment = job.segment();
            bytesFlushed += segment == null ? 0 : segment.sizeBytes();
            flushUnpublished = true;
            edits.add(
                    new LevelEdit(
                            List.of(),
                            0,
                            segment == null ? List.of() : List.of(segment),
                            job.memtable(),
                            false));
        }
    }

    private void compacted(CompactionJob job, boolean succeeded) {
        Check.that(job == compacting, "a job comes back once");
        compacting = null;
        bytesCompactionRead += job.bytesRead();
        if (succeeded) {
            bytesCompacted += job.bytesWritten();
            compactionUnpublished = true;
            CompactionPlan plan = job.plan();
            edits.add(
                    new LevelEdit(
                            plan.inputs(),
                            plan.outputLevel(),
                            job.outputs(),
                            null,
                            false,
                            job.lost()));
        }
    }

    private void published(PublishJob job, boolean succeeded) {
        Check.that(job == publishing, "a job comes back once");
        publishing = null;
        if (!succeeded) {
            // It may be the one on disk, so the next one is the same change under a higher
            // sequence.
            manifest = withSequence(job.manifest().sequence());
            return;
        }
        LevelEdit edit = edits.remove();
        lost.add(edit.lost());
        files.install(edit);
        manifest = job.manifest();
        Memtable flushed = edit.flushed();
        if (flushed != null) {
            memtables.release(flushed);
            flushUnpublished = false;
        } else if (edit.ingest()) {
            bulkLoads.remove();
        } else if (!edit.removed().isEmpty()) {
            compactionUnpublished = false;
        }
        epoch++;
    }

    private RowManifest withSequence(long sequence) {
        return new RowManifest(
                sequence,
                manifest.incarnation(),
                manifest.coveredLsn(),
                manifest.nextFileNumber(),
                manifest.levels(),
                manifest.ranges(),
                manifest.lastRangeId(),
                manifest.rows(),
                manifest.lost());
    }

    private static long numberOf(DamagedFileException damage) {
        int slash = damage.path().lastIndexOf('/');
        return SegmentInfo.numberOf(damage.path().substring(slash + 1));
    }

    String describe() {
        return environment.owner().describe() + ", rows";
    }

    void ingest(List<Segment> segments) {
        if (!memtables.active().isEmpty()) {
            seal();
        }
        bulkLoads.add(new BulkLoad(segments, List.copyOf(memtables.sealed())));
    }

    int pendingIngests() {
        return bulkLoads.size();
    }

    /** A memtable that is newer than a waiting load must not reach level 0 before it. */
    private boolean isBehindBulkLoad(Memtable memtable) {
        BulkLoad first = bulkLoads.peek();
        return first != null && !first.before().contains(memtable);
    }

    /** Once all that is older has been published, and nothing else is on its way. */
    private void placeBulkLoad() {
        BulkLoad load = bulkLoads.peek();
        if (load == null || !edits.isEmpty() || compacting != null || flushing != null) {
            return;
        }
        for (Memtable memtable : load.before()) {
            if (memtables.sealed().contains(memtable)) {
                return;
            }
        }
        List<Segment> segments = load.segments();
        edits.add(new LevelEdit(List.of(), placeFor(segments), segments, null, true));
    }

    /** The lowest level such that neither it nor one above has keys among the files'. */
    private int placeFor(List<Segment> segments) {
        Levels levels = files.levels();
        byte[] from = segments.getFirst().smallest();
        byte[] to = segments.getLast().largest();
        int place = 0;
        for (int level = 0; level < levels.count(); level++) {
            if (!levels.overlapping(level, from, to).isEmpty()) {
                break;
            }
            place = level;
        }
        Check.that(RowKey.compare(from, to) <= 0, "bulk files are in order");
        return place;
    }

    /** Waiting writers: nothing more can be sealed, or level 0 is too full. */
    WritePressure pressure() {
        int levelZero = files.levels().level(0).size();
        if (memtables.sealed().size() >= settings.sealedMemtables()
                || levelZero >= settings.levelZeroStop()) {
            return WritePressure.STOP;
        }
        return levelZero >= settings.levelZeroSlow() ? WritePressure.SLOW : WritePressure.NONE;
    }

    /** Rows in the files that count. */
    KeyspaceRows rows() {
        return manifest.rows();
    }

    /** Files were written that no manifest lists yet. */
    boolean hasUnpublished() {
        return !edits.isEmpty() || !bulkLoads.isEmpty();
    }

    /** No job is out. */
    boolean idle() {
        return flushing == null && compacting == null && publishing == null && deleting == null;
    }

    /** Edits that were never published: their files are closed with the store. */
    Deque<LevelEdit> unpublished() {
        return edits;
    }

    List<Segment> waitingBulkFiles() {
        List<Segment> waiting = new ArrayList<>();
        bulkLoads.forEach(load -> waiting.addAll(load.segments()));
        return waiting;
    }

    long bytesFlushed() {
        return bytesFlushed;
    }

    long bytesCompacted() {
        return bytesCompacted;
    }

    long bytesCompactionRead() {
        return bytesCompactionRead;
    }
}
