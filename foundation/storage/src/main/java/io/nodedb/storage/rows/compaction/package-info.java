/**
 * Background work on row files: {@link io.nodedb.storage.rows.compaction.FlushJob} writes a
 * memtable out, {@link io.nodedb.storage.rows.compaction.CompactionJob} merges files, {@link
 * io.nodedb.storage.rows.compaction.CompactionPicker} says which. Old versions go in either, as
 * {@code VersionSieve} decides.
 *
 * <p>Thread rule: the picker belongs to the core; a job to one worker at a time.
 */
@NullMarked
package io.nodedb.storage.rows.compaction;

import org.jspecify.annotations.NullMarked;
