package io.nodedb.data.maintenance;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.storage.quarantine.DamagedFileException;
import java.io.IOException;

/** A background job failed; names the job, its cause says why. */
public final class BackgroundFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean again;

    BackgroundFailure(String job, Throwable cause) {
        this(job, cause, false);
    }

    private BackgroundFailure(String job, Throwable cause, boolean again) {
        super(job, cause);
        this.again = again;
    }

    /** The job is paused in the same engine already, for another tenant. */
    static BackgroundFailure again(String job, Throwable cause) {
        return new BackgroundFailure(job, cause, true);
    }

    /**
     * False when the disk refused, or holds what is damaged: no fault of the core, which goes on
     * serving without the job; and when the same failure has counted already. An exhausted heap
     * always counts.
     */
    public boolean countsForWatchdog() {
        return getCause() instanceof OutOfMemoryError || (!again && !isRefusedByDisk());
    }

    private boolean isRefusedByDisk() {
        return getCause() instanceof IOException
                || getCause() instanceof DamagedFileException
                || (getCause() instanceof NodeDbException refusal
                        && (refusal.code() == ErrorCode.STORAGE_FAILED
                                || refusal.code() == ErrorCode.DISK_FULL));
    }
}
