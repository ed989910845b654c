/**
 * The three kinds of error: {@link io.nodedb.base.errors.Check} for bugs, {@link
 * io.nodedb.base.errors.ErrorCode} constants for what is expected on a hot path, {@link
 * io.nodedb.base.errors.NodeDbException} for what ends a statement. Immutable, usable from every
 * thread.
 *
 * <p>To add an error: one constant in {@code ErrorCode}; its number is never reused.
 */
@NullMarked
package io.nodedb.base.errors;

import org.jspecify.annotations.NullMarked;
