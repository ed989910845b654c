/**
 * What a core does besides requests, in budgeted slices: expiry, housekeeping of the engines,
 * checkpoints, and the rebuilding of an engine that failed. {@link
 * io.nodedb.data.maintenance.Maintenance} decides what runs in a turn; files are written by the
 * background workers. Owned by the core, but for {@link
 * io.nodedb.data.maintenance.CheckpointService}, which the cores share.
 */
@NullMarked
package io.nodedb.data.maintenance;

import org.jspecify.annotations.NullMarked;
