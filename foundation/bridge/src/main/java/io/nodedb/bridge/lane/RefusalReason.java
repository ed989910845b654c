package io.nodedb.bridge.lane;

/** Why a port gave no request; both are answered as RESOURCES_EXHAUSTED. */
public enum RefusalReason {
    /** Every request of the port is outstanding. */
    PORT_FULL,
    /** The tenant holds its share of the port. */
    TENANT_SHARE
}
