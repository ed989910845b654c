/**
 * The embedded database: what a program that uses it sees. Entry type: {@link io.nodedb.NodeDb}.
 *
 * <pre>{@code
 * try (NodeDb db = NodeDb.open(Path.of("shop"))) {
 *     KeyValue carts = db.kv("carts");
 *     carts.put("alice", "3 apples");
 *     String cart = carts.get("alice");
 *     Documents orders = db.documents("orders");
 *     orders.insert("17", Document.empty().with("for", "alice").with("apples", 3));
 *     Documents people = db.createDocuments("people",
 *             CollectionDefinition.strict(PrimaryKey.generated("id"),
 *                     NewColumn.of("id", Type.UUID), NewColumn.of("name", Type.TEXT).notNull()));
 *     Id id = people.insert(Document.empty().with("name", "Ada"));
 *     db.inTransaction(tx -> {
 *         tx.kv("stock").increment("apples", -3);
 *         tx.documents("orders").delete("17");
 *     });
 * }
 * }</pre>
 *
 * <p>Thread rule: {@link io.nodedb.NodeDb}, {@link io.nodedb.KeyValue}, {@link io.nodedb.Documents}
 * and their asynchronous forms are safe for every thread. Transactions, scans and feeds belong to
 * one thread at a time.
 *
 * <p>Failures are {@link io.nodedb.base.errors.NodeDbException}s with an {@link
 * io.nodedb.base.errors.ErrorCode} that says what to do.
 */
@NullMarked
package io.nodedb;

import org.jspecify.annotations.NullMarked;
