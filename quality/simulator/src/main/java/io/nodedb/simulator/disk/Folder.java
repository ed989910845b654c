package io.nodedb.simulator.disk;

import java.util.TreeMap;

/** A simulated folder: its names now, and those that a power loss certainly leaves. */
final class Folder implements Node {
    final TreeMap<String, Node> current = new TreeMap<>();
    final TreeMap<String, Node> durable = new TreeMap<>();
}
