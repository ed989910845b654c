/**
 * Benchmark {@code kv}, its part over the Redis protocol: our server beside Redis, each a process
 * of its own, under Redis's own load generator. Entry type: {@link io.nodedb.bench.resp.RespPart}.
 *
 * <p>The generator is {@code redis-benchmark}, because on a machine with two processors what the
 * generator takes is taken from the server, and a program in C takes least. It does not look at
 * answers beyond errors, so {@link io.nodedb.bench.resp.ServerContents} reads every key back before
 * and after.
 *
 * <p>To add a contestant: an implementation of {@link io.nodedb.bench.resp.RespContestant}.
 * Everything here runs on the main thread.
 */
@NullMarked
package io.nodedb.bench.resp;

import org.jspecify.annotations.NullMarked;
