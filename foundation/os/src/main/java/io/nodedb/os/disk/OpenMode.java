package io.nodedb.os.disk;

/** What a file of a {@link FileSystemDisk} is opened for. */
enum OpenMode {
    READ,

    /** An existing file, for reading and writing. */
    WRITE,

    /** A new file, for reading and writing. */
    CREATE
}
