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
 *                 └─ ChangedRegions ranges of hashes that changed since the last checkpoint
 *   KvOperations, KvScan, KvStreams execute calls;  KvCheckpoint emits what changed
 * </pre>
 *
 * <p>Thread rule: everything here belongs to the one thread that owns the partition.
 */
@NullMarked
package io.nodedb.kv;

import org.jspecify.annotations.NullMarked;
