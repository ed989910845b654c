/**
 * Permits of open scans, so that a collection's files and memory go only when nobody reads them:
 * {@link io.nodedb.data.quiesce.ScanQuiesce}. Thread-safe.
 */
@NullMarked
package io.nodedb.data.quiesce;

import org.jspecify.annotations.NullMarked;
