/** Calls that the key-value engine executes. */
@NullMarked
package io.nodedb.plan.kv;

import org.jspecify.annotations.NullMarked;
