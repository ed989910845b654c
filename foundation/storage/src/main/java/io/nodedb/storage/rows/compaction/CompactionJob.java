package io.nodedb.storage.rows.compaction;

import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.storage.rows.RowJob;
import io.nodedb.storage.rows.RowJobKind;
import io.nodedb.storage.rows.VersionHorizon;
import io.nodedb.storage.rows.block.RowKey;
import io.nodedb.storage.rows.ranges.LostRange;
import io.nodedb.storage.rows.ranges.RangeSet;
import io.nodedb.storage.rows.segment.Levels;
import io.nodedb.storage.rows.segment.Segment;
import io.nodedb.storage.rows.segment.SegmentOptions;
import io.nodedb.storage.rows.segment.SegmentRun;
import io.nodedb.storage.rows.segment.SegmentWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Merges files into files of one level, and leaves out what nobody can see. A pure function of the
 * plan, the horizon and the deletions of ranges. An output file ends at a key where it has its
 * size, or where it would overlap too much of the level below, which keeps later merges small. One
 * worker at a time.
 */
public final class CompactionJob implements RowJob, SievedWriter.Output, SegmentRun.Salvage {
    /** Work between two looks at the budget. */
    private static final long SLICE_BYTES = 512 * 1024;

    /** Bytes of the level below that one output file may overlap, in output file sizes. */
    private static final int MAX_BELOW = 10;

    private final CompactionPlan plan;
    private final JobFiles files;
    private final SegmentOptions options;
    private final long fileBytes;
    private final VersionSieve sieve;
    private final SievedWriter sieved;
    private final List<SegmentRun> runs = new ArrayList<>();
    private final List<SegmentRun> alive = new ArrayList<>();
    private final List<Segment> outputs = new ArrayList<>();
    private final Set<Long> damaged;
    private final List<LostRange> lost = new ArrayList<>();
    private final int[] belowAt;
    private final List<Segment> grandparents;
    private int grandparentAt;
    private long grandparentBytes;
    private @Nullable SegmentWriter writer;
    private boolean begun;
    private long bytesWritten;

    /**
     * @param damaged files whose damage is known: what can't be read of them is left out and told
     */
    public CompactionJob(
            CompactionPlan plan,
            JobFiles files,
            SegmentOptions options,
            long fileBytes,
            VersionHorizon horizon,
            RangeSet ranges,
            Set<Long> damaged,
            MemoryGovernor governor) {
        this.plan = plan;
        this.damaged = Set.copyOf(damaged);
        this.files = files;
        this.options = options;
        this.fileBytes = fileBytes;
        this.sieve = new VersionSieve(horizon, ranges);
        this.sieved = new SievedWriter(sieve, this);
        this.belowAt = new int[plan.levels().count()];
        this.grandparents =
                plan.outputLevel() + 1 < plan.levels().count()
                        ? plan.levels().level(plan.outputLevel() + 1)
                        : List.of();
        if (plan.level() == 0) {
            plan.upper().forEach(file -> runs.add(new SegmentRun(List.of(file), governor, this)));
        } else {
            runs.add(new SegmentRun(plan.upper(), governor, this));
        }
        if (!plan.lower().isEmpty()) {
            runs.add(new SegmentRun(plan.lower(), governor, this));
        }
    }

    @Override
    public RowJobKind kind() {
        return RowJobKind.COMPACTION;
    }

    public CompactionPlan plan() {
        return plan;
    }

    @Override
    public boolean step() throws IOException {
        try {
            begin();
            long until = bytesRead() + SLICE_BYTES;
            while (!alive.isEmpty() && bytesRead() < until) {
                SegmentRun newest = newest();
                sieved.add(
                        newest.key(),
                        newest.keyLength(),
                        newest.lsn(),
                        newest.kind(),
                        newest.memory(),
                        newest.valuePosition(),
                        newest.valueLength());
                if (!newest.next()) {
                    alive.remove(newest);
                }
            }
            if (!alive.isEmpty()) {
                return true;
            }
            sieved.finishKey();
            finishFile();
            runs.forEach(SegmentRun::close);
            return false;
        } catch (IOException | RuntimeException | Error e) {
            abandon(e);
            throw e;
        }
    }

    private void begin() throws IOException {
        if (!begun) {
            begun = true;
            for (SegmentRun run : runs) {
                if (run.next()) {
                    alive.add(run);
                }
            }
        }
    }

    /** The run with the version that comes first; of equal ones, the newer file's. */
    private SegmentRun newest() {
        SegmentRun first = alive.getFirst();
        for (int i = 1; i < alive.size(); i++) {
            SegmentRun run = alive.get(i);
            int order = RowKey.compare(run.key(), run.keyLength(), first.key(), first.keyLength());
            if (order < 0 || (order == 0 && run.lsn() > first.lsn())) {
                first = run;
            }
        }
        return first;
    }

    @Override
    public SegmentWriter writerFor(byte[] rowKey, int length) throws IOException {
        SegmentWriter open = writer;
        if (open != null && (open.bytes() >= fileBytes || overlapsTooMuch(rowKey, length))) {
            finishFile();
            open = null;
        }
        if (open == null) {
            open =
                    new SegmentWriter(
                            files.disk(),
                            files.directory(),
                            files.owner(),
                            files.numbers().take(),
                            options);
            writer = open;
            grandparentBytes = 0;
        }
        return open;
    }

    private boolean overlapsTooMuch(byte[] rowKey, int length) {
        while (grandparentAt < grandparents.size()) {
            Segment below = grandparents.get(grandparentAt);
            byte[] largest = below.largest();
            if (RowKey.compare(rowKey, length, largest, largest.length) <= 0) {
                break;
            }
            grandparentBytes += below.sizeBytes();
            grandparentAt++;
        }
        return grandparentBytes > MAX_BELOW * fileBytes;
    }

    private void finishFile() throws IOException {
        SegmentWriter open = writer;
        if (open != null) {
            Segment segment = open.finish(sieve.rangesApplied());
            writer = null;
            outputs.add(segment);
            bytesWritten += segment.sizeBytes();
        }
    }

    @Override
    public boolean nothingBelow(byte[] rowKey, int length) {
        Levels levels = plan.levels();
        for (int level = plan.outputLevel() + 1; level < levels.count(); level++) {
            List<Segment> sorted = levels.level(level);
            while (belowAt[level] < sorted.size()) {
                Segment below = sorted.get(belowAt[level]);
                byte[] largest = below.largest();
                if (RowKey.compare(rowKey, length, largest, largest.length) <= 0) {
                    break;
                }
                belowAt[level]++;
            }
            if (belowAt[level] < sorted.size()
                    && sorted.get(belowAt[level]).mayHold(rowKey, length)) {
                return false;
            }
        }
        return true;
    }

    private void abandon(Throwable failure) {
        runs.forEach(SegmentRun::close);
        Leftovers.remove(failure, writer);
        for (Segment segment : outputs) {
            try {
                segment.file().file().close();
                files.disk().delete(segment.file().path());
            } catch (IOException e) {
                failure.addSuppressed(e);
            }
        }
        outputs.clear();
    }

    @Override
    public boolean leavesOut(long fileNumber) {
        return damaged.contains(fileNumber);
    }

    @Override
    public void lost(LostRange range) {
        lost.add(range);
    }

    /** When it is done: what was left out. */
    public List<LostRange> lost() {
        return List.copyOf(lost);
    }

    /** When it is done: the new files, in order. */
    public List<Segment> outputs() {
        return List.copyOf(outputs);
    }

    public long bytesRead() {
        long bytes = 0;
        for (int i = 0; i < runs.size(); i++) {
            bytes += runs.get(i).bytesRead();
        }
        return bytes;
    }

    public long bytesWritten() {
        return bytesWritten;
    }

    @Override
    public long bytesMoved() {
        return bytesRead() + bytesWritten;
    }
}
