/**
 * What the tests of the Redis protocol hold against a server from outside: a raw connection ({@link
 * io.nodedb.server.resp.probe.RespConnection}), replies as values, and the processes of our server
 * and of a real Redis. One thread uses a connection.
 */
@NullMarked
package io.nodedb.server.resp.probe;

import org.jspecify.annotations.NullMarked;
