package io.nodedb.bench.report;

import io.nodedb.base.ownership.Immutable;
import java.util.List;

/**
 * One thing that every contestant does and that gives one value.
 *
 * @param unit of the value
 * @param ratioRows whose rows show how ours compares
 */
@Immutable
public record Work(
        String name, String unit, Direction direction, List<Goal> goals, RatioRows ratioRows) {
    /** Where the ratio stands; a goal of a ratio is judged there. */
    public enum RatioRows {
        /** With each peer: the first of ours against it. */
        PEERS,
        /** With each of ours, of which there are several: it against the first peer. */
        OURS
    }

    public Work {
        goals = List.copyOf(goals);
    }

    /** Operations per second. */
    public static Work rate(String name, Goal... goals) {
        return new Work(name, "ops/s", Direction.HIGHER_IS_BETTER, List.of(goals), RatioRows.PEERS);
    }

    /** A value of which less is better. */
    public static Work cost(String name, String unit, Goal... goals) {
        return new Work(name, unit, Direction.LOWER_IS_BETTER, List.of(goals), RatioRows.PEERS);
    }

    /** This work when several variants of ours are compared with one peer. */
    public Work ratioOfEachOfOurs() {
        return new Work(name, unit, direction, goals, RatioRows.OURS);
    }
}
