package io.nodedb.base.metrics;

/** Something that can be exposed; reading it is safe from every thread. */
public sealed interface Metric permits Counter, SharedCounter, SuppliedCounter, Gauge, Histogram {}
