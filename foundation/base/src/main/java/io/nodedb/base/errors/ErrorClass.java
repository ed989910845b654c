package io.nodedb.base.errors;

/** Who has to act on an error. */
public enum ErrorClass {
    /** The request is wrong or met a rule; the caller changes it. */
    USER,
    /** Something is used up or busy for now; the caller waits and retries. */
    RESOURCE,
    /** The database failed at its own work; the operator looks at the log. */
    INTERNAL_FAULT,
    /** Bytes on disk are not what was written; the operator looks at the quarantine. */
    CORRUPTION
}
