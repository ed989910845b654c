/**
 * Every number that someone may want to change, by name: {@link io.nodedb.base.settings.Setting} is
 * the definition (key, unit, default, range, meaning), {@link io.nodedb.base.settings.Settings} the
 * values of one process. Immutable; usable from every thread. Read once, at construction, into a
 * final field of whoever needs it.
 *
 * <p>To add a setting: a constant in the class of its area ({@link
 * io.nodedb.base.settings.RuntimeSettings}, {@link io.nodedb.base.settings.WalSettings}, {@link
 * io.nodedb.base.settings.MemorySettings}, {@link io.nodedb.base.settings.EventSettings}) and its
 * entry in that class's {@code ALL}.
 */
@NullMarked
package io.nodedb.base.settings;

import org.jspecify.annotations.NullMarked;
