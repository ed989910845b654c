/**
 * Key-value operations outside of transactions. Entry type: {@link io.nodedb.control.kv.KvClient},
 * one per collection, in a waiting and an asynchronous form.
 *
 * <p>Thread rule: callable from every thread.
 */
@NullMarked
package io.nodedb.control.kv;

import org.jspecify.annotations.NullMarked;
