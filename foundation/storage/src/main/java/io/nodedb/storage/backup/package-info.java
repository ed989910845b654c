/**
 * Copies of a whole database, made while it runs or not. {@link
 * io.nodedb.storage.backup.DatabaseCopy} needs no help from the database: it relies on what every
 * engine's folder and the log promise about their files.
 */
@NullMarked
package io.nodedb.storage.backup;

import org.jspecify.annotations.NullMarked;
