package io.nodedb.base.memory;

/** How near the process is to its memory limit, mildest first. */
public enum PressureLevel {
    /** Nothing to do. */
    NORMAL,
    /** Caches stop growing; background work gives memory back. */
    WARNING,
    /** Caches shrink, operators spill, writes that need memory are slowed. */
    CRITICAL,
    /** Writes that need memory are refused. */
    EMERGENCY
}
