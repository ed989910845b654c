/**
 * Bounded queues between exactly two threads: {@link io.nodedb.bridge.ring.SpscRing} for objects,
 * {@link io.nodedb.bridge.ring.SpscByteRing} for records of bytes, {@link
 * io.nodedb.bridge.ring.SpscLongRing} for small tuples of numbers.
 *
 * <p>Thread rule: one producer thread, one consumer thread, for the methods so marked; everything
 * the producer wrote before it published is seen by the consumer that finds the element, and the
 * other way round for space. Nothing blocks, nothing allocates after construction. To add a
 * variant: extend {@code RingPositions}, publish with release, look with acquire, and add a
 * jcstress test.
 *
 * <p>Sources: Lamport, "Specifying Concurrent Program Modules", 1983; Giacomoni et al.,
 * "FastForward for Efficient Pipeline Parallelism", 2008; Le et al., "Correct and Efficient Bounded
 * FIFO Queues", 2013 (cached indices).
 */
@NullMarked
package io.nodedb.bridge.ring;

import org.jspecify.annotations.NullMarked;
