/**
 * Blocks of row files: {@link io.nodedb.storage.rows.block.BlockBuilder} fills one, {@link
 * io.nodedb.storage.rows.block.BlockFormat} compresses and seals it, {@link
 * io.nodedb.storage.rows.block.BlockReader} reads and checks it, {@link
 * io.nodedb.storage.rows.block.BlockCursor} moves over it, {@link
 * io.nodedb.storage.rows.block.KeyFilter} tells what a section surely does not hold.
 *
 * <p><b>To add a codec</b>: a constant of {@link io.nodedb.storage.rows.block.BlockCodec} with a
 * number that none ever had, its case in {@code ofNumber}, its line in the layout of {@code
 * BlockFormat}; a file says with every block which codec it has, so old files stay readable and
 * nothing else changes.
 *
 * <p>Thread rule: builders, readers and cursors belong to one thread at a time; the rest is
 * immutable or static.
 */
@NullMarked
package io.nodedb.storage.rows.block;

import org.jspecify.annotations.NullMarked;
