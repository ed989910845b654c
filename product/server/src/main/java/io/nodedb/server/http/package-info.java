/**
 * HTTP: health and metrics. {@link io.nodedb.server.http.HttpFront} listens; {@link
 * io.nodedb.server.http.HttpPages} says what stands at which path.
 *
 * <p>Thread rule: everything here belongs to one event loop of its own, {@code http}, so that
 * health is told however busy the other protocols are. A page may block that loop for milliseconds
 * at most.
 *
 * <p>To add a page: an entry in {@link io.nodedb.server.http.HttpPages}.
 */
@NullMarked
package io.nodedb.server.http;

import org.jspecify.annotations.NullMarked;
