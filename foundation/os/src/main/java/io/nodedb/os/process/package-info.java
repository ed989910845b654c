/**
 * What the operating system says about this process: memory used and allowed, page size, number of
 * processors. Entry type {@link io.nodedb.os.process.ProcessMemory}. Plain files of {@code /proc}
 * and {@code /sys} are read, so no flag is needed; elsewhere the Java platform's numbers serve.
 */
@NullMarked
package io.nodedb.os.process;

import org.jspecify.annotations.NullMarked;
