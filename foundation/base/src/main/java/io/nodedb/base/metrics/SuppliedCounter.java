package io.nodedb.base.metrics;

import io.nodedb.base.ownership.Shared;
import java.util.function.DoubleSupplier;

/**
 * A value that only grows and that somebody else counts, asked for when it is read; the supplier
 * must be thread-safe.
 */
@Shared("its supplier")
public final class SuppliedCounter implements Metric {
    private final DoubleSupplier supplier;

    public SuppliedCounter(DoubleSupplier supplier) {
        this.supplier = supplier;
    }

    public double get() {
        return supplier.getAsDouble();
    }
}
