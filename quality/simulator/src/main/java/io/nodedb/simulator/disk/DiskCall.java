package io.nodedb.simulator.disk;

/** Kinds of calls that a {@link FaultyDisk} counts and fails. */
public enum DiskCall {
    OPEN,
    CREATE,
    CREATE_DIRECTORIES,
    LIST,
    READ,
    WRITE,
    ALLOCATE,
    TRUNCATE,
    SYNC,
    RENAME,
    LINK,
    DELETE,
    SYNC_DIRECTORY
}
