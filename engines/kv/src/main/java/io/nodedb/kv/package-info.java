/**
 * The key-value engine: {@link io.nodedb.kv.KvEngine}, made by {@link
 * io.nodedb.kv.KvEngineFactory}, holds the collections of one partition in off-heap memory.
 *
 * <pre>
 *   KvEngine ── one KvTable per collection
 *                 ├─ HashIndex      buckets of one cache line → newest version of each key
 *                 ├─ EntryStore     versions: header, key, value; older ones behind the newest
 *                 ├─ VersionQueue   keys whose old versions a snapshot, or whose tombstone a
 *                 │                 checkpoint, still needs
 *                 ├─ ExpiryWheel    newest versions by the time they expire
 *                 ├─ ChangedRegions ranges of hashes that changed since the last checkpoint
 *                 └─ Structures     elements of indexed hashes, sets, lists and sorted sets: for
 *                                   each such value a Structure with a KvTable of its own and,
 *                                   for lists and sorted sets, an OrderTree
 *   KvCommands executes Redis's commands by families; those of the collection types see a value
 *   through Elements or ListElements, packed or indexed
 *   KvOperations, KvScan, KvStreams execute calls;  KvCheckpoint emits what changed
 * </pre>
 *
 * <p>Thread rule: everything here belongs to the one thread that owns the partition.
 */
@NullMarked
package io.nodedb.kv;

import org.jspecify.annotations.NullMarked;
