/** Measuring what a thread allocates on the heap; for tests of hot paths. */
@NullMarked
package io.nodedb.os.allocation;

import org.jspecify.annotations.NullMarked;
