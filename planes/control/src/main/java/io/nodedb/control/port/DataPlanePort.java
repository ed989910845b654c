package io.nodedb.control.port;

/** The Data Plane's shape. Fixed between start and stop. */
public interface DataPlanePort {
    /** Data cores, numbered from 0. */
    int cores();

    /** The core that owns a partition, the system partition included. */
    int coreOf(int partition);
}
