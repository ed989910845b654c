/**
 * Waking a thread only when it may be asleep: {@link io.nodedb.bridge.wake.Doorbell}. One thread
 * owns a doorbell and sleeps behind it; every thread may ring, or, as a {@link
 * io.nodedb.bridge.wake.StandIn}, do the sleeper's {@link io.nodedb.bridge.wake.Duty} in its place.
 */
@NullMarked
package io.nodedb.bridge.wake;

import org.jspecify.annotations.NullMarked;
