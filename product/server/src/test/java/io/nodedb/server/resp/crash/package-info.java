/**
 * A server process under the load of several Redis clients is killed again and again; what it holds
 * after each start is compared with what it had acknowledged. {@link
 * io.nodedb.server.resp.crash.RespCrashIT} is the test; {@link io.nodedb.server.resp.crash.OwnKeys}
 * knows what commands do, {@link io.nodedb.server.resp.crash.Client} sends them on a thread of its
 * own.
 */
@NullMarked
package io.nodedb.server.resp.crash;

import org.jspecify.annotations.NullMarked;
