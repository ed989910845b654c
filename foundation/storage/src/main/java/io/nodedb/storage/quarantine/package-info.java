/**
 * What was found damaged: {@link io.nodedb.storage.quarantine.QuarantineRegistry} sets it aside,
 * remembers it across restarts and lists it. {@link
 * io.nodedb.storage.quarantine.DamagedFileException} is how readers say where a file is damaged.
 *
 * <p>Thread rule: the registry is shared and guarded by its monitor; nothing here is on a hot path.
 */
@NullMarked
package io.nodedb.storage.quarantine;

import org.jspecify.annotations.NullMarked;
