/**
 * What a core does about failures: {@link io.nodedb.data.failure.Watchdog} counts them and degrades
 * the core, {@link io.nodedb.data.failure.PoisonRegistry} keeps a request that fails again and
 * again from taking the core from everyone. Owned by the core.
 */
@NullMarked
package io.nodedb.data.failure;

import org.jspecify.annotations.NullMarked;
