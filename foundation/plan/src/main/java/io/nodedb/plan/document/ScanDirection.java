package io.nodedb.plan.document;

/** Which way a scan goes through the order of keys (unsigned bytes, a prefix first). */
public enum ScanDirection {
    FORWARD,
    BACKWARD
}
