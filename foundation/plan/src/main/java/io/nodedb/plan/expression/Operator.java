package io.nodedb.plan.expression;

import io.nodedb.base.ownership.Immutable;

/** Operators of two operands that are no comparison; the number stands in stored expressions. */
@Immutable
public enum Operator {
    ADD(1, "+"),
    SUBTRACT(2, "-"),
    MULTIPLY(3, "*"),
    DIVIDE(4, "/"),
    MODULO(5, "%"),
    POWER(6, "^"),
    CONCAT(7, "||"),
    /** A document's field or an array's element, as a document. */
    JSON_GET(8, "->"),
    JSON_GET_TEXT(9, "->>"),
    /** By a path of keys and indexes. */
    JSON_PATH(10, "#>"),
    JSON_PATH_TEXT(11, "#>>");

    private final int number;
    private final String symbol;

    Operator(int number, String symbol) {
        this.number = number;
        this.symbol = symbol;
    }

    public int number() {
        return number;
    }

    public String symbol() {
        return symbol;
    }

    boolean isJson() {
        return number >= JSON_GET.number;
    }
}
