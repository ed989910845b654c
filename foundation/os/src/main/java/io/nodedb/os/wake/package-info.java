/**
 * How a thread sleeps until another wakes it: {@link io.nodedb.os.wake.Wakeup}, on an eventfd where
 * foreign calls are allowed, by parking elsewhere. The decision whether anyone needs waking is the
 * bridge's ({@code Doorbell}).
 */
@NullMarked
package io.nodedb.os.wake;

import org.jspecify.annotations.NullMarked;
