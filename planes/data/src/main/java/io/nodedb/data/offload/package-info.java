/**
 * Threads that work for cores on what must not block them: the I/O pool reads blocks for parked
 * tasks, the background workers write checkpoint files and build from immutable inputs. Entry:
 * {@link io.nodedb.data.offload.HelperPool}; results come back through the core's {@link
 * io.nodedb.data.offload.CoreInbox}.
 */
@NullMarked
package io.nodedb.data.offload;

import org.jspecify.annotations.NullMarked;
