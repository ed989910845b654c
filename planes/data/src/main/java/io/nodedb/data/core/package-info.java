/**
 * The life of a data core: {@link io.nodedb.data.core.CoreLoop} is its duty cycle, {@link
 * io.nodedb.data.core.CoreThread} the thread that runs it.
 *
 * <pre>
 *   request rings ─► intake ─► four queues by priority ─► up to 256 tasks ─► answers (one doorbell per lane)
 *                                   ▲                          │
 *   acknowledgement ring ─► stamp, release replies             └─► WAL ring ─► writer
 *   helpers' completions ─► parked tasks                            maintenance slice, heartbeat, checkpoint slice
 * </pre>
 *
 * <p>Everything here is owned by the core's thread; what crosses is a ring.
 */
@NullMarked
package io.nodedb.data.core;

import org.jspecify.annotations.NullMarked;
