/**
 * The server held against a real Redis: both get the same random commands ({@link
 * io.nodedb.server.resp.differential.RandomCommands}), and must answer the same and hold the same.
 * A new command gets a line in the table of its family's class. One thread.
 */
@NullMarked
package io.nodedb.server.resp.differential;

import org.jspecify.annotations.NullMarked;
