/**
 * What the Control Plane needs from the rest of the process, as interfaces that the assembly
 * implements: the Data Plane's shape ({@link io.nodedb.control.port.DataPlanePort}), the log
 * ({@link io.nodedb.control.port.LogPort}), the quiesce registry of scans ({@link
 * io.nodedb.control.port.CollectionDrain}), change feeds ({@link
 * io.nodedb.control.port.ChangePort}) and the way in which a caller waits ({@link
 * io.nodedb.control.port.CallerWait}).
 *
 * <p>Thread rule: every method may be called from every thread unless it says otherwise.
 */
@NullMarked
package io.nodedb.control.port;

import org.jspecify.annotations.NullMarked;
