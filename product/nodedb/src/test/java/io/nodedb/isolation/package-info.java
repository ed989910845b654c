/**
 * Checks recorded histories of concurrent transactions for what snapshot isolation forbids. Entry
 * type: {@link io.nodedb.isolation.IsolationChecker}.
 *
 * <p>What SNAPSHOT (called REPEATABLE READ in SQL) promises: no dirty, aborted or intermediate
 * read, no lost update, no read skew, a transaction reads its own writes, and a client sees its
 * earlier commits. What it allows is <em>write skew</em>: two transactions each read what the other
 * writes, and write different keys. Whoever must exclude that writes a common key in both.
 *
 * <p>Sources: A. Adya, Weak Consistency (1999); A. Cerone and A. Gotsman, Analysing Snapshot
 * Isolation (2016).
 *
 * <p>Thread rule: {@link io.nodedb.isolation.History} takes records from every thread; checking is
 * one thread's.
 */
@NullMarked
package io.nodedb.isolation;

import org.jspecify.annotations.NullMarked;
