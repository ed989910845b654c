/**
 * The server under clients that are broken or mean: {@link
 * io.nodedb.server.resp.fuzz.ProtocolFuzzIT} sends what no client should, and the server must go on
 * serving the others. A new way of misbehaving is a method of {@code Attacks}, named in its list.
 */
@NullMarked
package io.nodedb.server.resp.fuzz;

import org.jspecify.annotations.NullMarked;
