/**
 * Which files of a row store count: {@link io.nodedb.storage.rows.manifest.RowManifestFile} reads
 * and publishes it, {@link io.nodedb.storage.rows.manifest.RowManifest} is what it says.
 *
 * <p>Thread rule: the file belongs to one background thread at a time; a manifest is immutable.
 */
@NullMarked
package io.nodedb.storage.rows.manifest;

import org.jspecify.annotations.NullMarked;
