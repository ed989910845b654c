/**
 * Snapshots for transactions and consistent scans. Entry type: {@link
 * io.nodedb.control.snapshot.Snapshots}, a thin layer over the storage's registry that adds bounds,
 * expiry and the floor of the session's own last commit.
 *
 * <p>Thread rule: callable from every thread; expiry runs in the lane thread's step.
 */
@NullMarked
package io.nodedb.control.snapshot;

import org.jspecify.annotations.NullMarked;
