/**
 * How committed changes leave a core for the Event Plane: {@link io.nodedb.storage.feed.EventRing},
 * one per core.
 *
 * <pre>
 *   core ─ {@link io.nodedb.storage.feed.EventRingWriter} ─► ring ─ {@link io.nodedb.storage.feed.EventRingReader} ─► Event Plane
 * </pre>
 *
 * <p>The core never waits: what does not fit becomes a gap, and the Event Plane reads it from the
 * log. Thread rule: the writer belongs to the core, the reader to one thread of the Event Plane.
 */
@NullMarked
package io.nodedb.storage.feed;

import org.jspecify.annotations.NullMarked;
