/** A partition on its core: its engines and whether each serves. Owned by the core. */
@NullMarked
package io.nodedb.data.partition;

import org.jspecify.annotations.NullMarked;
