package io.nodedb.data.maintenance;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.storage.quarantine.DamagedFileException;
import java.io.IOException;

/** A background job failed; names the job, its cause says why. */
public final class BackgroundFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BackgroundFailure(String job, Throwable cause) {
        super(job, cause);
    }

    /**
     * The disk refused, or holds what is damaged: no fault of the core, which goes on serving
     * without the job. Everything else counts for the watchdog.
     */
    public boolean isRefusedByDisk() {
        return getCause() instanceof IOException
                || getCause() instanceof DamagedFileException
                || (getCause() instanceof NodeDbException refusal
                        && (refusal.code() == ErrorCode.STORAGE_FAILED
                                || refusal.code() == ErrorCode.DISK_FULL));
    }
}
