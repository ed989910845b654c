/**
 * One process per database directory: {@link io.nodedb.os.lock.DirectoryLock}. Usable from every
 * thread.
 */
@NullMarked
package io.nodedb.os.lock;

import org.jspecify.annotations.NullMarked;
