/**
 * Time that passes when the simulation says so: {@link io.nodedb.simulator.time.VirtualTime}. Safe
 * to read from every thread; one thread advances it.
 */
@NullMarked
package io.nodedb.simulator.time;

import org.jspecify.annotations.NullMarked;
