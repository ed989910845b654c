/**
 * A database's directory as a whole: which folders it has and its identity ({@link
 * io.nodedb.storage.directory.DatabaseFormat}). Used by the thread that opens or verifies a
 * database.
 *
 * <pre>
 *   LOCK  FORMAT  catalog/  wal/  p0000/kv/ …  quarantine/  tmp/
 * </pre>
 */
@NullMarked
package io.nodedb.storage.directory;

import org.jspecify.annotations.NullMarked;
