/**
 * What is asked of ordered collections beyond single keys, which are {@link
 * io.nodedb.plan.kv.KvCall}s like everywhere: {@link io.nodedb.plan.document.RangeScanCall}.
 *
 * <p>Thread rule: a call belongs to whoever holds the request that it travels in.
 */
@NullMarked
package io.nodedb.plan.document;

import org.jspecify.annotations.NullMarked;
