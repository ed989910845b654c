/**
 * Memory that is counted. {@link io.nodedb.base.memory.MemoryGovernor} holds the process to one
 * limit; {@link io.nodedb.base.memory.SlabAllocator} cuts off-heap blocks for one core from chunks
 * that it reserves there; {@link io.nodedb.base.memory.MemoryReclaimer} gives empty chunks back to
 * the operating system.
 *
 * <p>Threads: the governor and the reclaimer are shared, an allocator belongs to one core.
 */
@NullMarked
package io.nodedb.base.memory;

import org.jspecify.annotations.NullMarked;
