/**
 * Transactions under snapshot isolation. Entry types: {@link
 * io.nodedb.control.transaction.Transactions} for callers, {@link
 * io.nodedb.control.transaction.TransactionCoordinator} for what commits them.
 *
 * <pre>
 *   Transaction: reads at its snapshot merged with its WriteSet
 *        │ commit
 *        ▼
 *   TransactionCoordinator ── one core ──► CommitCall, one hop
 *        └── several cores: prepare on each ──► COMMIT | ABORT through the log ──► outcome
 * </pre>
 *
 * <p>Thread rule: a Transaction belongs to one thread at a time. The coordinator is started from
 * any thread and advances on the lane thread only, by answers and {@code step()}.
 */
@NullMarked
package io.nodedb.control.transaction;

import org.jspecify.annotations.NullMarked;
