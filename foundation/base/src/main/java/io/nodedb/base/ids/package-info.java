/**
 * Identities that are written to disk and never change their meaning: the hash of a key, slots,
 * partitions, LSNs, collection ids. Static functions over primitives; usable from every thread.
 */
@NullMarked
package io.nodedb.base.ids;

import org.jspecify.annotations.NullMarked;
