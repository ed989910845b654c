package io.nodedb.simulator.disk;

/** What a name in a folder stands for. */
sealed interface Node permits FileContent, Folder {}
