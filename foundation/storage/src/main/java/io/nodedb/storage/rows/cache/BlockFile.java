package io.nodedb.storage.rows.cache;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.CoreOwned;
import io.nodedb.os.disk.DiskFile;

/**
 * A file whose blocks are cached: open for reading from the time it counts until no read of it is
 * under way. The core counts those; I/O threads use the file and its names, which never change.
 */
@CoreOwned
public final class BlockFile {
    /** Before its first use with a cache. */
    static final long UNKNOWN = 0;

    private final String path;
    private final long number;
    private final DiskFile file;
    private long cacheId = UNKNOWN;
    private int loads;

    /**
     * @param number the file's number, which stands in each of its blocks
     */
    public BlockFile(String path, long number, DiskFile file) {
        this.path = path;
        this.number = number;
        this.file = file;
    }

    public String path() {
        return path;
    }

    public long number() {
        return number;
    }

    public DiskFile file() {
        return file;
    }

    /** No read of it is under way or planned: it may be closed. */
    public boolean isQuiet() {
        return loads == 0;
    }

    long cacheId() {
        return cacheId;
    }

    void setCacheId(long id) {
        cacheId = id;
    }

    void loadBegun() {
        loads++;
    }

    void loadEnded() {
        loads--;
        Check.that(loads >= 0, "a load ends once", loads);
    }
}
