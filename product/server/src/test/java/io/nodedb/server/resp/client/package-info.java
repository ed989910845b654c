/**
 * The server used as people use it: by the Java clients {@link io.nodedb.server.resp.client.JedisIT
 * Jedis} and Lettuce, and by {@code redis-cli}. Every test holds for a real Redis as well; the
 * property of {@link io.nodedb.server.resp.probe.ServerProcess} puts one in our server's place.
 */
@NullMarked
package io.nodedb.server.resp.client;

import org.jspecify.annotations.NullMarked;
