/**
 * The system partition as the Control Plane uses it: {@link
 * io.nodedb.control.system.SystemPartition} stores the catalog there and tells cores about
 * collections.
 *
 * <p>Thread rule: callable from every thread; stages complete on the lane thread.
 */
@NullMarked
package io.nodedb.control.system;

import org.jspecify.annotations.NullMarked;
