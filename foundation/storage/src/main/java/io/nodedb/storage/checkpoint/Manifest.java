package io.nodedb.storage.checkpoint;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ids.Lsn;
import io.nodedb.base.ownership.Immutable;
import java.util.ArrayList;
import java.util.List;

/**
 * Which files make up the state of one partition and engine.
 *
 * @param sequence counts publishes
 * @param incarnation of the database when it was published
 * @param coveredLsn every commit up to it is contained: replay starts after it
 * @param nextFileNumber above the number of every file ever made in this folder
 * @param files oldest first: at most one base, which is the first, then deltas. Of a key that
 *     several hold, the entry with the highest LSN counts
 */
@Immutable
public record Manifest(
        CheckpointOwner owner,
        long sequence,
        long incarnation,
        long coveredLsn,
        long nextFileNumber,
        List<CheckpointFile> files) {
    /** Most files in a manifest; a merge is due long before: see {@code checkpoint_deltas}. */
    public static final int MAX_FILES = 256;

    public Manifest {
        files = List.copyOf(files);
        Check.that(
                files.size() <= MAX_FILES, "a manifest's files are merged in time", files.size());
        for (int i = 0; i < files.size(); i++) {
            CheckpointFileKind kind = files.get(i).kind();
            Check.that(
                    kind == CheckpointFileKind.DELTA || (i == 0 && kind == CheckpointFileKind.BASE),
                    "a manifest is a base and deltas, at file",
                    i);
            Check.that(
                    files.get(i).number() < nextFileNumber,
                    "file numbers lie below the next",
                    nextFileNumber,
                    files.get(i).number());
        }
    }

    /** Of a partition that holds nothing yet: the whole log is replayed. */
    public static Manifest empty(CheckpointOwner owner, long incarnation) {
        return new Manifest(owner, 0, incarnation, Lsn.NONE, 1, List.of());
    }

    /** With {@code file} in place of everything: a full checkpoint. */
    public Manifest withBase(CheckpointFile file, long covered, long ofIncarnation) {
        return next(List.of(file), covered, ofIncarnation);
    }

    /** With {@code file} after the present files: an incremental checkpoint. */
    public Manifest withDelta(CheckpointFile file, long covered, long ofIncarnation) {
        List<CheckpointFile> more = new ArrayList<>(files);
        more.add(file);
        return next(more, covered, ofIncarnation);
    }

    /** Nothing changed, but the log up to {@code covered} is no longer needed. */
    public Manifest withCovered(long covered, long ofIncarnation) {
        return next(files, covered, ofIncarnation);
    }

    /**
     * With {@code base} in place of the files of {@code merged}; deltas that came after stay. The
     * covered LSN stays, as a merge changes nothing but form.
     */
    public Manifest withMerged(Manifest merged, CheckpointFile base) {
        int count = merged.files.size();
        Check.that(
                files.size() >= count && files.subList(0, count).equals(merged.files),
                "the merged files are the manifest's oldest");
        List<CheckpointFile> rest = new ArrayList<>();
        rest.add(base);
        rest.addAll(files.subList(count, files.size()));
        return next(rest, coveredLsn, incarnation);
    }

    private Manifest next(List<CheckpointFile> of, long covered, long ofIncarnation) {
        Check.that(covered >= coveredLsn, "coverage never shrinks", coveredLsn, covered);
        long number = nextFileNumber;
        for (CheckpointFile file : of) {
            number = Math.max(number, file.number() + 1);
        }
        return new Manifest(owner, sequence + 1, ofIncarnation, covered, number, of);
    }

    /**
     * Highest LSN that its files contain, at least the covered one: recovery's positions start
     * above it.
     */
    public long highestLsn() {
        long highest = coveredLsn;
        for (CheckpointFile file : files) {
            highest = Math.max(highest, file.highestLsn());
        }
        return highest;
    }

    /** True when the next checkpoint has to be a full one. */
    public boolean hasNoBase() {
        return files.isEmpty() || files.getFirst().kind() != CheckpointFileKind.BASE;
    }

    /**
     * True when the deltas hold more than half of the base's bytes, or are {@code mostDeltas},
     * however small: each costs a file at every start.
     */
    public boolean mergeDue(int mostDeltas) {
        if (files.size() < 2) {
            return false;
        }
        long first = files.getFirst().sizeBytes();
        return sizeBytes() - first > first / 2 || files.size() > mostDeltas;
    }

    /** Bytes of all files. */
    public long sizeBytes() {
        long bytes = 0;
        for (CheckpointFile file : files) {
            bytes += file.sizeBytes();
        }
        return bytes;
    }
}
