package io.nodedb.storage.checkpoint;

import io.nodedb.base.errors.Check;
import io.nodedb.storage.wal.EffectFormat;
import io.nodedb.storage.wal.EffectReader;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Makes a new base of a manifest's base and deltas: the newest version of every key, without
 * deletions and without purged collections.
 *
 * <p>It relies on nothing but the files' entries: not on their order (an engine emits in the order
 * of its hash table, which moves buckets while a checkpoint is under way), not on keys being unique
 * within a file. As in a hash join by Grace (Kitsuregawa et al., 1983), what does not fit in memory
 * is split by bits of the hash of (collection, key), so that all entries of a key stay together:
 *
 * <pre>
 *   part (base, deltas) ── too large ──► 64 spill files, each a smaller part
 *                       ── fits ───────► pass 1: newest LSN of each key;  pass 2: copy the entries that hold it
 * </pre>
 *
 * Of entries with the same LSN (a fuzzy checkpoint may emit a version that the next one emits
 * again) the first is copied; they are equal. A part whose keys all hash alike is merged in memory
 * whatever its size, as splitting does not help.
 *
 * <p>Memory: {@code memoryBytes}, and 64 blocks of 64 KiB while splitting. Disk: the parts that do
 * not fit, once. Owned by one background thread, which calls {@link #step} until it returns true,
 * then publishes {@link Manifest#withMerged}; or {@link #abandon} at any time.
 */
public final class CheckpointMerge {
    private static final int FAN_OUT_BITS = 6;
    private static final int FAN_OUT = 1 << FAN_OUT_BITS;

    /** Entries per step: about a block's worth of work between two looks at the clock. */
    private static final int ENTRIES_PER_STEP = 1024;

    /** Entries that belong together by the hash bits at and above {@code shift}. */
    private record Part(List<CheckpointFile> files, int shift) {
        boolean canSplit() {
            return shift >= FAN_OUT_BITS;
        }
    }

    private enum Phase {
        NEXT_PART,
        SPLIT,
        NOTE,
        COPY,
        DONE
    }

    private final ManifestStore store;
    private final Manifest input;
    private final long memoryBytes;
    private final IntPredicate keepsCollection;
    private final Deque<Part> parts = new ArrayDeque<>();
    private final NewestVersions newest = new NewestVersions();
    private final CheckpointBlock out = new CheckpointBlock();
    private final List<CheckpointFileWriter> spills = new ArrayList<>();
    private final @Nullable CheckpointBlock[] spillBlocks = new CheckpointBlock[FAN_OUT];
    private final @Nullable CheckpointFileWriter[] spillWriters = new CheckpointFileWriter[FAN_OUT];
    private final CheckpointFileWriter base;
    private Phase phase = Phase.NEXT_PART;
    private Part part;
    private int fileIndex;
    private @Nullable CheckpointFileReader reader;
    private @Nullable CheckpointFile result;

    /** Of files that are closed; see {@link #movedBytes}. */
    private long closedBytes;

    /**
     * @param memoryBytes what the table of one part may take; reserved by the caller
     * @param keepsCollection false for collections that were purged
     */
    public CheckpointMerge(
            ManifestStore store, Manifest input, long memoryBytes, IntPredicate keepsCollection)
            throws IOException {
        Check.that(memoryBytes > 0, "a merge needs memory", memoryBytes);
        this.store = store;
        this.input = input;
        this.memoryBytes = memoryBytes;
        this.keepsCollection = keepsCollection;
        this.part = new Part(input.files(), Long.SIZE);
        parts.push(part);
        this.base = store.newFile(CheckpointFileKind.BASE);
    }

    /**
     * Does a bounded piece of work.
     *
     * @return true when the new base is finished: see {@link #result}
     * @throws io.nodedb.storage.quarantine.DamagedFileException an input is damaged; abandon the
     *     merge
     */
    public boolean step() throws IOException {
        switch (phase) {
            case NEXT_PART -> nextPart();
            case SPLIT, NOTE, COPY -> readEntries();
            case DONE -> {}
        }
        return phase == Phase.DONE;
    }

    private void nextPart() throws IOException {
        Part next = parts.poll();
        if (next == null) {
            base.append(out);
            result = base.finish();
            discardSpills();
            phase = Phase.DONE;
            return;
        }
        part = next;
        newest.clear();
        begin(tableBytes(next) > memoryBytes && next.canSplit() ? Phase.SPLIT : Phase.NOTE);
    }

    private static long tableBytes(Part part) {
        long bytes = 0;
        for (CheckpointFile file : part.files()) {
            // What a file holds beside its values is not known: the whole is the bound for its
            // keys.
            bytes += file.sizeBytes() + file.entries() * NewestVersions.ENTRY_BYTES;
        }
        return bytes;
    }

    private void begin(Phase next) {
        phase = next;
        fileIndex = 0;
    }

    private void readEntries() throws IOException {
        CheckpointFileReader open = reader;
        if (open == null) {
            if (fileIndex == part.files().size()) {
                endOfPass();
                return;
            }
            open = store.open(part.files().get(fileIndex++));
            reader = open;
        }
        for (int i = 0; i < ENTRIES_PER_STEP; i++) {
            if (!open.next()) {
                reader = null;
                closedBytes += open.position();
                open.close();
                return;
            }
            EffectReader effect = open.effect();
            if (keepsCollection.test(effect.collection())) {
                take(effect, open.lsn());
            }
        }
    }

    private void take(EffectReader effect, long lsn) throws IOException {
        if (phase == Phase.SPLIT) {
            spill(effect, lsn);
        } else if (phase == Phase.NOTE) {
            newest.note(effect, lsn);
        } else if (newest.takeNewest(effect, lsn) && effect.kind() != EffectFormat.DELETE) {
            out.add(lsn, effect);
            if (out.full()) {
                base.append(out);
                out.clear();
            }
        }
    }

    private void endOfPass() throws IOException {
        if (phase == Phase.NOTE) {
            begin(Phase.COPY);
            return;
        }
        if (phase == Phase.SPLIT) {
            finishSpills();
        }
        phase = Phase.NEXT_PART;
    }

    private void spill(EffectReader effect, long lsn) throws IOException {
        int child =
                (int) (NewestVersions.hash(effect) >>> (part.shift() - FAN_OUT_BITS))
                        & (FAN_OUT - 1);
        CheckpointBlock block = spillBlocks[child];
        if (block == null) {
            block = new CheckpointBlock();
            spillBlocks[child] = block;
        }
        block.add(lsn, effect);
        if (block.full()) {
            writeSpill(child, block);
        }
    }

    private void writeSpill(int child, CheckpointBlock block) throws IOException {
        CheckpointFileWriter writer = spillWriters[child];
        if (writer == null) {
            writer = store.newFile(CheckpointFileKind.SPILL);
            spills.add(writer);
            spillWriters[child] = writer;
        }
        writer.append(block);
        block.clear();
    }

    private void finishSpills() throws IOException {
        for (int child = 0; child < FAN_OUT; child++) {
            CheckpointBlock block = spillBlocks[child];
            if (block != null && !block.isEmpty()) {
                writeSpill(child, block);
            }
            CheckpointFileWriter writer = spillWriters[child];
            if (writer != null) {
                parts.push(new Part(List.of(writer.finish()), part.shift() - FAN_OUT_BITS));
                spillWriters[child] = null;
            }
        }
    }

    /** The new base, finished and not yet published; only after {@link #step} returned true. */
    public CheckpointFile result() {
        CheckpointFile finished = result;
        if (finished == null) {
            throw new IllegalStateException("the merge is not finished");
        }
        return finished;
    }

    /** Bytes read and written so far. */
    public long movedBytes() {
        long bytes = closedBytes + base.bytes();
        for (CheckpointFileWriter spill : spills) {
            bytes += spill.bytes();
        }
        CheckpointFileReader open = reader;
        return open == null ? bytes : bytes + open.position();
    }

    /** What was merged: the argument of {@link Manifest#withMerged}. */
    public Manifest input() {
        return input;
    }

    /** Gives up and deletes what was written, also a finished base that could not be published. */
    public void abandon() throws IOException {
        CheckpointFileReader open = reader;
        reader = null;
        if (open != null) {
            open.close();
        }
        phase = Phase.DONE;
        discardSpills();
        store.discard(base);
    }

    private void discardSpills() throws IOException {
        for (CheckpointFileWriter spill : spills) {
            closedBytes += spill.bytes();
            store.discard(spill);
        }
        spills.clear();
    }
}
