/**
 * Benchmark {@code kv}, its embedded part: get, put and increment beside RocksDB and H2's MVStore;
 * memory for each key; what a data core allocates for each operation. Entry type: {@link
 * io.nodedb.bench.kv.KvBenchmark}, which runs the part over the Redis protocol ({@link
 * io.nodedb.bench.resp.RespPart}) too.
 *
 * <p>To add a peer: an implementation of {@link io.nodedb.bench.kv.KeyValueStore}, named in {@link
 * io.nodedb.bench.kv.KvContestant}. Its calls come from several threads at once.
 */
@NullMarked
package io.nodedb.bench.kv;

import org.jspecify.annotations.NullMarked;
