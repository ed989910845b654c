/**
 * Reading and writing integers in byte arrays: {@link io.nodedb.storage.bytes.LittleEndian}, the
 * byte order of every file and ring. Static functions; usable from every thread.
 */
@NullMarked
package io.nodedb.storage.bytes;

import org.jspecify.annotations.NullMarked;
