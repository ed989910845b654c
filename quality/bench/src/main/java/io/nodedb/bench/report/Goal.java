package io.nodedb.bench.report;

import io.nodedb.base.ownership.Immutable;

/**
 * What a number must reach, and what it shall reach if it can.
 *
 * @param unit printed behind the limits
 * @param must NaN when there is only an aim
 * @param aim NaN when there is none
 */
@Immutable
public record Goal(Metric metric, Direction direction, String unit, double must, double aim) {
    /** The number that a goal is about. */
    public enum Metric {
        /** Ours against each peer's. */
        RATIO,
        /** The work's own value. */
        VALUE,
        /** 50th percentile of the latency, in microseconds. */
        P50,
        /** 99th percentile of the latency, in microseconds. */
        P99,
        /** Bytes that a data core's thread allocates for an operation. */
        ALLOCATION,
        /** Processor time of the whole process, in seconds. */
        PROCESSOR_SECONDS
    }

    /** Ours is to be at least so many times as good as the peer. */
    public static Goal ratio(double must) {
        return new Goal(Metric.RATIO, Direction.HIGHER_IS_BETTER, "×", must, Double.NaN);
    }

    /** Ours is to be at most this, in {@code unit}. */
    public static Goal atMost(Metric metric, double must, String unit) {
        return new Goal(metric, Direction.LOWER_IS_BETTER, unit, must, Double.NaN);
    }

    /** Ours is to be at least this, in {@code unit}. */
    public static Goal atLeast(Metric metric, double must, String unit) {
        return new Goal(metric, Direction.HIGHER_IS_BETTER, unit, must, Double.NaN);
    }

    /** This goal with an aim beyond it. */
    public Goal aim(double further) {
        return new Goal(metric, direction, unit, must, further);
    }

    /** As in {@code p50 ≤ 6 µs, aim 4 µs}. */
    public String text() {
        String sign = direction == Direction.HIGHER_IS_BETTER ? "≥ " : "≤ ";
        String name =
                switch (metric) {
                    case RATIO, VALUE -> "";
                    case P50 -> "p50 ";
                    case P99 -> "p99 ";
                    case ALLOCATION -> "allocated ";
                    case PROCESSOR_SECONDS -> "processor ";
                };
        String limit = Double.isNaN(must) ? "" : name + sign + limit(must);
        if (Double.isNaN(aim)) {
            return limit;
        }
        return limit.isEmpty() ? name + "aim " + sign + limit(aim) : limit + ", aim " + limit(aim);
    }

    /** As in {@code yes}; {@code –} when there is no number. */
    public String verdict(double reached) {
        if (Double.isNaN(reached)) {
            return "–";
        }
        if (Double.isNaN(must)) {
            return meets(reached, aim) ? "aim" : "aim missed";
        }
        if (!meets(reached, must)) {
            return "NO";
        }
        return !Double.isNaN(aim) && meets(reached, aim) ? "yes, aim too" : "yes";
    }

    private boolean meets(double reached, double limit) {
        return direction == Direction.HIGHER_IS_BETTER ? reached >= limit : reached <= limit;
    }

    private String limit(double number) {
        String digits =
                number == Math.rint(number)
                        ? Long.toString((long) number)
                        : Double.toString(number);
        return metric == Metric.RATIO ? digits + unit : digits + " " + unit;
    }
}
