/**
 * Other designs of a ring of references, measured beside the one that stands ({@link
 * io.nodedb.bridge.ring.SpscRing}), so that the choice can be repeated on another machine. Entry
 * type: {@link io.nodedb.bench.bridge.variant.RingVariant}.
 *
 * <p>All have one producer and one consumer, a capacity that is a power of two, and the contract
 * that {@code RingVariantTest} holds them all to, ours included. To add one: a class here, named in
 * {@link io.nodedb.bench.bridge.variant.RingVariant.Design}.
 */
@NullMarked
package io.nodedb.bench.bridge.variant;

import org.jspecify.annotations.NullMarked;
