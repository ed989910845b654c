package io.nodedb.storage.rows.manifest;

import io.nodedb.os.disk.Disk;
import io.nodedb.storage.rows.RowJob;
import io.nodedb.storage.rows.RowJobKind;
import io.nodedb.storage.rows.cache.BlockFile;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Closes and deletes files that no manifest lists and nobody reads. One worker at a time. */
public final class DeleteJob implements RowJob {
    private final Disk disk;
    private final Deque<BlockFile> files;

    public DeleteJob(Disk disk, List<BlockFile> files) {
        this.disk = disk;
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
            disk.delete(file.path());
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
