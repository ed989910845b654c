package io.nodedb.storage.rows.manifest;

import io.nodedb.os.disk.Disk;
import io.nodedb.storage.rows.RowJob;
import io.nodedb.storage.rows.RowJobKind;
import io.nodedb.storage.rows.cache.BlockFile;
import io.nodedb.storage.rows.ranges.LostRange;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/** Closes and deletes files that no manifest lists and nobody reads. One worker at a time. */
public final class DeleteJob implements RowJob {
    private final Disk disk;
    private final Deque<BlockFile> files;
    private final Set<Long> aside;

    /**
     * @param aside numbers of files that get another name instead, since they are evidence
     */
    public DeleteJob(Disk disk, List<BlockFile> files, Set<Long> aside) {
        this.disk = disk;
        this.aside = Set.copyOf(aside);
        this.files = new ArrayDeque<>(files);
    }

    @Override
    public RowJobKind kind() {
        return RowJobKind.DELETE;
    }

    @Override
    public boolean step() throws IOException {
        BlockFile file = files.peek();
        if (file != null) {
            file.file().close();
            if (!aside.contains(file.number())) {
                disk.delete(file.path());
            } else if (disk.exists(file.path())) {
                disk.rename(file.path(), file.path() + LostRange.ASIDE_SUFFIX);
            }
            files.remove();
        }
        return !files.isEmpty();
    }

    /** Files that are still there after a failure. */
    public List<BlockFile> remaining() {
        return List.copyOf(files);
    }

    @Override
    public long bytesMoved() {
        return 0;
    }
}
