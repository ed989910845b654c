package io.nodedb.bench.report;

/** Which of two values is the better one. */
public enum Direction {
    HIGHER_IS_BETTER,
    LOWER_IS_BETTER;

    /** How many times as good ours is as theirs. */
    double ratio(double ours, double theirs) {
        return this == HIGHER_IS_BETTER ? ours / theirs : theirs / ours;
    }
}
