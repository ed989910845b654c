/**
 * Benchmark {@code rows}: sorted rows of 200 to 1 000 bytes. Its part {@code store} measures the
 * row store alone, by one thread, beside other embedded stores. Entry type: {@link
 * io.nodedb.bench.rows.RowsBenchmark}.
 *
 * <p>To add a peer: an implementation of {@link io.nodedb.bench.rows.SortedStore}, named in {@link
 * io.nodedb.bench.rows.RowsContestant}. To add a part: a constant of {@code RowsBenchmark.Part} and
 * a class as {@link io.nodedb.bench.rows.StorePart}.
 *
 * <p>Thread rule: a contestant is used by one thread; what it has beside that is its own affair.
 */
@NullMarked
package io.nodedb.bench.rows;

import org.jspecify.annotations.NullMarked;
