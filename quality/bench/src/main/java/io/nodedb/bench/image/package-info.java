/**
 * The jars that the benchmarks run from. Entry type: {@link io.nodedb.bench.image.ClassPath}.
 * Stateless.
 */
@NullMarked
package io.nodedb.bench.image;

import org.jspecify.annotations.NullMarked;
