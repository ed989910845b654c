/**
 * The embedded database: what a program that uses it sees. Entry type: {@link io.nodedb.NodeDb}.
 *
 * <pre>{@code
 * try (NodeDb db = NodeDb.open(Path.of("shop"))) {
 *     KeyValue carts = db.kv("carts");
 *     carts.put("alice", "3 apples");
 *     String cart = carts.get("alice");
 *     db.inTransaction(tx -> {
 *         tx.kv("stock").increment("apples", -3);
 *         tx.kv("orders").put("17", "alice: 3 apples");
 *     });
 * }
 * }</pre>
 *
 * <p>Thread rule: {@link io.nodedb.NodeDb}, {@link io.nodedb.KeyValue} and {@link
 * io.nodedb.AsyncKeyValue} are safe for every thread. Transactions, scans and feeds belong to one
 * thread at a time.
 *
 * <p>Failures are {@link io.nodedb.base.errors.NodeDbException}s with an {@link
 * io.nodedb.base.errors.ErrorCode} that says what to do.
 */
@NullMarked
package io.nodedb;

import org.jspecify.annotations.NullMarked;
