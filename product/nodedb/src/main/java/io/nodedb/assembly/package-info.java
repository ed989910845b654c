/**
 * Plugs the planes together. {@link io.nodedb.assembly.Kernel} is a whole database without a thread
 * of its own: everything in it is stepped, by {@link io.nodedb.assembly.KernelThreads} in a
 * process, by the simulator under its scheduler. Clock, randomness, disk and wake-ups come from the
 * {@link io.nodedb.assembly.Environment}.
 *
 * <p>Thread rule: a kernel is opened and closed by one thread; between that each part belongs to
 * the thread that its own package names.
 */
@NullMarked
package io.nodedb.assembly;

import org.jspecify.annotations.NullMarked;
