package io.nodedb.storage.quarantine;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import org.jspecify.annotations.Nullable;

/** Bytes of a file are not what was written: says which file, where in it, and what was wrong. */
public final class DamagedFileException extends NodeDbException {
    private static final long serialVersionUID = 1L;

    private final String path;
    private final long offset;
    private final String what;

    /**
     * @param path relative to the database's directory, as {@link io.nodedb.os.disk.Disk} takes it
     * @param offset of the bytes that contradict, from the file's start
     * @param what what was expected there, with values
     */
    public DamagedFileException(String path, long offset, String what, @Nullable Throwable cause) {
        super(
                ErrorCode.DATA_CORRUPTED,
                "A file is damaged: path=" + path + " offset=" + offset + " what=" + what,
                cause);
        this.path = path;
        this.offset = offset;
        this.what = what;
    }

    public DamagedFileException(String path, long offset, String what) {
        this(path, offset, what, null);
    }

    public String path() {
        return path;
    }

    public long offset() {
        return offset;
    }

    public String what() {
        return what;
    }
}
