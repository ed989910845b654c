package io.nodedb.bench.report;

import io.nodedb.base.ownership.Immutable;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one contestant reached with one work in one repetition. What was not measured is absent.
 *
 * @param failed operations that failed or answered wrongly; any of them voids the value
 */
@Immutable
public record Measurement(double value, long failed, Map<Extra, Double> extras) {
    /** What may be known beside the value. */
    public enum Extra {
        P50_MICROS,
        P99_MICROS,
        /** Processor time of the whole process per operation, in nanoseconds. */
        PROCESSOR_NANOS,
        /** Processor time of the whole process altogether, in seconds. */
        PROCESSOR_SECONDS,
        /** Bytes that a data core's thread allocated per operation. */
        CORE_ALLOCATION
    }

    public Measurement {
        extras = Map.copyOf(extras);
    }

    public static Measurement of(double value, long failed) {
        return new Measurement(value, failed, Map.of());
    }

    /** This measurement with one thing more; NaN adds nothing. */
    public Measurement with(Extra extra, double amount) {
        if (Double.isNaN(amount)) {
            return this;
        }
        Map<Extra, Double> more = new EnumMap<>(Extra.class);
        more.putAll(extras);
        more.put(extra, amount);
        return new Measurement(value, failed, more);
    }

    /** NaN when it was not measured. */
    public double extra(Extra extra) {
        return extras.getOrDefault(extra, Double.NaN);
    }
}
