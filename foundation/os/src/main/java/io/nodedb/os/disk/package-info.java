/**
 * The disk as an argument: everything that reads or writes files does so through {@link
 * io.nodedb.os.disk.Disk}, so that the simulator can tear, lose, reorder, flip, fail and delay. On
 * the file system it is {@link io.nodedb.os.disk.FileSystemDisk}, with the C library's calls where
 * they are allowed and Java's channels elsewhere. Thread rule: see {@link
 * io.nodedb.os.disk.DiskFile}. To add a variant: implement both interfaces and inherit {@code
 * DiskContract} in its test.
 */
@NullMarked
package io.nodedb.os.disk;

import org.jspecify.annotations.NullMarked;
