/**
 * What the core tells the Event Plane: {@link io.nodedb.data.feed.EventEmitter}. Owned by the core;
 * the ring is the border.
 */
@NullMarked
package io.nodedb.data.feed;

import org.jspecify.annotations.NullMarked;
