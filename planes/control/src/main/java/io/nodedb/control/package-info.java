/**
 * The Control Plane: catalog, dispatch, snapshots, transactions. Entry type: {@link
 * io.nodedb.control.ControlPlane}, which wires the packages below it over the ports that the
 * assembly implements ({@link io.nodedb.control.port}).
 *
 * <p>Thread rule: callers come on any thread; answers, decisions and expiry run on thread {@code
 * lane-shared}, which {@link io.nodedb.control.LaneThread} drives through {@link
 * io.nodedb.control.ControlPlane#step()}. A simulator calls that step itself.
 */
@NullMarked
package io.nodedb.control;

import org.jspecify.annotations.NullMarked;
