package io.nodedb.plan.expression;

import io.nodedb.base.ownership.Immutable;

/** Comparison operators; the number stands in stored expressions. */
@Immutable
public enum Comparison {
    EQUAL(1, "="),
    NOT_EQUAL(2, "<>"),
    LESS(3, "<"),
    LESS_OR_EQUAL(4, "<="),
    GREATER(5, ">"),
    GREATER_OR_EQUAL(6, ">="),
    /** Never NULL: NULL equals NULL. */
    DISTINCT(7, "IS DISTINCT FROM"),
    NOT_DISTINCT(8, "IS NOT DISTINCT FROM");

    private final int number;
    private final String symbol;

    Comparison(int number, String symbol) {
        this.number = number;
        this.symbol = symbol;
    }

    public int number() {
        return number;
    }

    public String symbol() {
        return symbol;
    }

    public boolean isNullSafe() {
        return this == DISTINCT || this == NOT_DISTINCT;
    }

    /** Does an order (negative, zero, positive) of left and right fulfil the comparison? */
    public boolean accepts(int order) {
        return switch (this) {
            case EQUAL, NOT_DISTINCT -> order == 0;
            case NOT_EQUAL, DISTINCT -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }
}
