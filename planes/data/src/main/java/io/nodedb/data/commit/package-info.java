/**
 * The core's side of the commit protocol: batches that wait for the log ({@link
 * io.nodedb.data.commit.PendingBatches}), transactions that wait for their decision ({@link
 * io.nodedb.data.commit.PreparedTransactions}), and the locks they hold meanwhile. Owned by the
 * core.
 *
 * <pre>
 *   execute → effects → reserve → encode into the WAL ring → apply (pending) → publish ──► writer: LSN, write, sync
 *                                                                                            │ acknowledgement ring
 *   reply released, event emitted  ◄────────────── stamp versions ◄──────────────────────────┘
 * </pre>
 *
 * <p>Batches of commands ({@link io.nodedb.data.commit.OpenBatches}) are applied command by command
 * before they are logged, and taken back when they are not.
 */
@NullMarked
package io.nodedb.data.commit;

import org.jspecify.annotations.NullMarked;
