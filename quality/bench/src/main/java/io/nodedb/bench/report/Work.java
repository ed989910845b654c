package io.nodedb.bench.report;

import io.nodedb.base.ownership.Immutable;
import java.util.List;

/**
 * One thing that every contestant does and that gives one value.
 *
 * @param unit of the value
 */
@Immutable
public record Work(String name, String unit, Direction direction, List<Goal> goals) {
    public Work {
        goals = List.copyOf(goals);
    }

    /** Operations per second. */
    public static Work rate(String name, Goal... goals) {
        return new Work(name, "ops/s", Direction.HIGHER_IS_BETTER, List.of(goals));
    }

    /** A value of which less is better. */
    public static Work cost(String name, String unit, Goal... goals) {
        return new Work(name, unit, Direction.LOWER_IS_BETTER, List.of(goals));
    }
}
