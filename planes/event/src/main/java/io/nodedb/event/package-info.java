/**
 * The Event Plane: what was committed, told in the order of the log.
 *
 * <pre>
 *   core 0 ─ ring ─┐
 *   core 1 ─ ring ─┼─ {@link io.nodedb.event.EventHub} ─ live window ─┬─ {@link io.nodedb.event.ChangeFeed}
 *   core 2 ─ ring ─┘        merges by LSN                   ├─ ChangeFeed
 *                                             log ──────────┴─ ChangeFeed that is behind
 * </pre>
 *
 * Entry type: {@code EventHub}. The log is the truth and the rings are a short cut: whatever the
 * short cut misses (a gap, an event too large, a slow consumer, a new one, a restart) is read from
 * the log, so nothing is lost or doubled, and memory stays bounded.
 *
 * <p>Thread rule: {@link io.nodedb.event.EventHubLoop}'s thread steps the hub; each feed belongs to
 * the one thread that polls it; they meet in the live window, under its lock.
 */
@NullMarked
package io.nodedb.event;

import org.jspecify.annotations.NullMarked;
