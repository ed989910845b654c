/**
 * Which snapshots are being read: {@link io.nodedb.storage.snapshot.SnapshotRegistry} keeps their
 * LSNs, so that cores keep the versions that those see and drop all others.
 *
 * <p>Thread rule: everything here is shared; readers register from any thread, cores ask from
 * theirs.
 */
@NullMarked
package io.nodedb.storage.snapshot;

import org.jspecify.annotations.NullMarked;
