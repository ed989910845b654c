/**
 * Blocks in memory: {@link io.nodedb.storage.rows.cache.BlockCache} holds them for one core, {@link
 * io.nodedb.storage.rows.cache.BlockRequests} is how a read that misses gets what it wants.
 *
 * <p>Thread rule: the cache and the requests belong to their core; an I/O thread only runs {@code
 * BlockRequests.load}, which touches the loads in it and the memory of their frames.
 */
@NullMarked
package io.nodedb.storage.rows.cache;

import org.jspecify.annotations.NullMarked;
