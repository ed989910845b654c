package io.nodedb.data.maintenance;

/** A background job failed unexpectedly; names the job, its cause says why. */
final class BackgroundFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    BackgroundFailure(String job, Throwable cause) {
        super(job, cause);
    }
}
