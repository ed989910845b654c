/**
 * Time as an argument: {@link io.nodedb.base.clock.TimeSource} is handed to everything that asks
 * what time it is, so that tests and the simulator decide. {@link io.nodedb.base.clock.HybridClock}
 * gives commits their LSN.
 */
@NullMarked
package io.nodedb.base.clock;

import org.jspecify.annotations.NullMarked;
