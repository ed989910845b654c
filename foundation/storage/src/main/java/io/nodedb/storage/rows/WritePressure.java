package io.nodedb.storage.rows;

/** How far background work lags behind writes. */
public enum WritePressure {
    NONE,

    /** Writers are asked to wait a little between batches. */
    SLOW,

    /** No further batch should be reserved until a job has finished. */
    STOP
}
