package io.nodedb.server;

/** Which threads drive the sockets. */
public enum Placement {
    /** What suits the number of processors. */
    AUTO,
    /** Event loops of their own; every request hops to its core. */
    SEPARATE,
    /** A core drives the sockets of its own lane; a request for its own partitions needs no hop. */
    COMBINED
}
