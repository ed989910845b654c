package io.nodedb.os.affinity;

import io.nodedb.base.ownership.Immutable;

/** Whether a thread was bound to a processor, and in words for the log. */
@Immutable
public record Pinning(boolean pinned, String reason) {}
