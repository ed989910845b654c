package io.nodedb.storage.rows;

import io.nodedb.base.memory.MemoryTag;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.storage.rows.cache.BlockFile;
import io.nodedb.storage.rows.manifest.DeleteJob;
import io.nodedb.storage.rows.segment.Levels;
import io.nodedb.storage.rows.segment.Segment;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The files that count and those that no longer do but are still open: makes blocks of the former
 * known to the cache, counts the memory of their directories, and has the latter deleted when
 * nobody reads them. Owned by one core.
 */
@CoreOwned
final class RowFiles {
    private final RowStoreEnvironment environment;
    private final List<BlockFile> retired = new ArrayList<>();

    /** Numbers of damaged ones among them: they are kept beside, as evidence. */
    private final Set<Long> aside = new HashSet<>();

    private Levels levels;
    private long directoryBytes;

    RowFiles(RowStoreEnvironment environment, Levels levels) {
        this.environment = environment;
        this.levels = levels;
        for (int level = 0; level < levels.count(); level++) {
            levels.level(level).forEach(this::take);
        }
    }

    Levels levels() {
        return levels;
    }

    long directoryBytes() {
        return directoryBytes;
    }

    /** The edit is published. */
    void install(LevelEdit edit) {
        levels = levels.with(edit.removed(), edit.level(), edit.added());
        edit.lost().forEach(lost -> aside.add(lost.file()));
        Set<Long> known = new HashSet<>();
        for (Segment segment : edit.removed()) {
            known.add(segment.number());
        }
        for (Segment segment : edit.added()) {
            // A file that only changed its level keeps its blocks.
            if (!known.remove(segment.number())) {
                take(segment);
            }
        }
        for (Segment segment : edit.removed()) {
            if (known.contains(segment.number())) {
                retire(segment);
            }
        }
    }

    private void take(Segment segment) {
        long bytes = segment.sections().memoryBytes();
        environment.governor().reserveBeyondLimit(MemoryTag.ROW_FILES, bytes);
        directoryBytes += bytes;
    }

    private void retire(Segment segment) {
        long bytes = segment.sections().memoryBytes();
        environment.governor().release(MemoryTag.ROW_FILES, bytes);
        directoryBytes -= bytes;
        retired.add(segment.file());
    }

    /** Deletes what nobody reads any more; null when there is nothing to delete. */
    @Nullable DeleteJob deletions() {
        List<BlockFile> quiet = new ArrayList<>();
        for (BlockFile file : retired) {
            environment.cache().forget(file);
            if (file.isQuiet()) {
                quiet.add(file);
            }
        }
        retired.removeAll(quiet);
        return quiet.isEmpty() ? null : new DeleteJob(environment.disk(), quiet, aside);
    }

    /** These could not be deleted. */
    void retryDeleting(List<BlockFile> files) {
        retired.addAll(files);
    }

    boolean anyRetired() {
        return !retired.isEmpty();
    }

    /** Closes all files; what was to be deleted is at the next start. */
    void close() throws IOException {
        List<BlockFile> all = new ArrayList<>(retired);
        for (int level = 0; level < levels.count(); level++) {
            levels.level(level).forEach(segment -> all.add(segment.file()));
        }
        environment.governor().release(MemoryTag.ROW_FILES, directoryBytes);
        directoryBytes = 0;
        for (BlockFile file : all) {
            environment.cache().forget(file);
            file.file().close();
        }
    }
}
