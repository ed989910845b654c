package io.nodedb.bridge.lane;

/** What comes back from a core. */
sealed interface LaneMessage permits Request, Chunk {}
