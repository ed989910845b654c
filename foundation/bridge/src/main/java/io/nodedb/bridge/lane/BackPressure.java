package io.nodedb.bridge.lane;

/** What a lane should do about its sockets, by the fill of its ports. In order of severity. */
public enum BackPressure {
    NONE,
    /** Read less. */
    SLOW,
    /** Read nothing until this goes away. */
    STOP
}
