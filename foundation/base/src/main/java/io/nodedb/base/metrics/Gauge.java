package io.nodedb.base.metrics;

import io.nodedb.base.ownership.Shared;
import java.util.function.DoubleSupplier;

/** A value that goes up and down, asked for when it is read; the supplier must be thread-safe. */
@Shared("its supplier")
public final class Gauge implements Metric {
    private final DoubleSupplier supplier;

    public Gauge(DoubleSupplier supplier) {
        this.supplier = supplier;
    }

    public double get() {
        return supplier.getAsDouble();
    }
}
