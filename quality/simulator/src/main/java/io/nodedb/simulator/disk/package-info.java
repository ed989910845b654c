/**
 * Disks that misbehave on purpose. {@link io.nodedb.simulator.disk.SimulatedDisk} holds a tree of
 * files in memory and knows what was synced: a crash keeps an arbitrary, seeded part of the rest.
 * {@link io.nodedb.simulator.disk.FaultyDisk} fails the n-th call on any disk. Both may be called
 * from every thread; the tests decide when they crash.
 */
@NullMarked
package io.nodedb.simulator.disk;

import org.jspecify.annotations.NullMarked;
