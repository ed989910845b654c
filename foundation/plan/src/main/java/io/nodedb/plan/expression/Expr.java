package io.nodedb.plan.expression;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.base.value.Type;
import io.nodedb.base.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A scalar expression as it was written: names are not resolved, types not checked ({@link Binder}
 * does both). The methods build larger ones: {@code field("a").gt(5).and(field("b").isNull())};
 * their arguments are expressions or Java values as {@link Exprs#of} takes them.
 */
@Immutable
public sealed interface Expr {
    /** How deep expressions may be inside each other: the binder and the evaluation recurse. */
    int MAX_NESTING = 500;

    /** A constant. Of type {@link Type#NULL} it is a quoted text whose type the context decides. */
    record Literal(Value value, Type type) implements Expr {}

    /** A column, or a path into a document. */
    record Field(List<String> path) implements Expr {
        public Field {
            path = List.copyOf(path);
        }
    }

    /** {@code $1} has number 1. */
    record Parameter(int number) implements Expr {}

    /** Any comparison of two operands. */
    record Compare(Comparison comparison, Expr left, Expr right) implements Expr {}

    /** Arithmetic, concatenation, document access. */
    record Binary(Operator operator, Expr left, Expr right) implements Expr {}

    /** The unary minus. */
    record Negate(Expr operand) implements Expr {}

    record And(List<Expr> operands) implements Expr {
        public And {
            operands = List.copyOf(operands);
        }
    }

    record Or(List<Expr> operands) implements Expr {
        public Or {
            operands = List.copyOf(operands);
        }
    }

    record Not(Expr operand) implements Expr {}

    record IsNull(Expr operand) implements Expr {}

    /** {@code IS TRUE} or {@code IS FALSE}: never NULL. */
    record IsTruth(Expr operand, boolean expected) implements Expr {}

    /** LIKE or ILIKE; without {@code escape} the backslash escapes. */
    record Like(Expr operand, Expr pattern, @Nullable Expr escape, boolean ignoringCase)
            implements Expr {}

    record In(Expr operand, List<Expr> options) implements Expr {
        public In {
            options = List.copyOf(options);
        }
    }

    record Between(Expr operand, Expr low, Expr high) implements Expr {}

    /** With an operand its whens are compared with it, else they are conditions. */
    record Case(@Nullable Expr operand, List<When> whens, @Nullable Expr otherwise)
            implements Expr {
        public Case {
            whens = List.copyOf(whens);
        }
    }

    /** A branch of {@link Case}. */
    record When(Expr condition, Expr result) {}

    record Coalesce(List<Expr> operands) implements Expr {
        public Coalesce {
            operands = List.copyOf(operands);
        }
    }

    record NullIf(Expr left, Expr right) implements Expr {}

    /** CAST, or TRY_CAST, which gives NULL where the value does not fit. */
    record Cast(Expr operand, Type type, boolean trying) implements Expr {}

    /** A function by its name in lower case. */
    record Call(String function, List<Expr> arguments) implements Expr {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /** {@code ARRAY[…]}. */
    record ArrayOf(List<Expr> elements) implements Expr {
        public ArrayOf {
            elements = List.copyOf(elements);
        }
    }

    default Expr compare(Comparison comparison, Object other) {
        return new Compare(comparison, this, Exprs.of(other));
    }

    default Expr eq(Object other) {
        return compare(Comparison.EQUAL, other);
    }

    default Expr ne(Object other) {
        return compare(Comparison.NOT_EQUAL, other);
    }

    default Expr lt(Object other) {
        return compare(Comparison.LESS, other);
    }

    default Expr le(Object other) {
        return compare(Comparison.LESS_OR_EQUAL, other);
    }

    default Expr gt(Object other) {
        return compare(Comparison.GREATER, other);
    }

    default Expr ge(Object other) {
        return compare(Comparison.GREATER_OR_EQUAL, other);
    }

    default Expr binary(Operator operator, Object other) {
        return new Binary(operator, this, Exprs.of(other));
    }

    default Expr plus(Object other) {
        return binary(Operator.ADD, other);
    }

    default Expr minus(Object other) {
        return binary(Operator.SUBTRACT, other);
    }

    default Expr times(Object other) {
        return binary(Operator.MULTIPLY, other);
    }

    default Expr dividedBy(Object other) {
        return binary(Operator.DIVIDE, other);
    }

    default Expr concat(Object other) {
        return binary(Operator.CONCAT, other);
    }

    default Expr and(Expr other) {
        return new And(List.of(this, other));
    }

    default Expr or(Expr other) {
        return new Or(List.of(this, other));
    }

    default Expr not() {
        return new Not(this);
    }

    default Expr isNull() {
        return new IsNull(this);
    }

    default Expr isNotNull() {
        return new Not(new IsNull(this));
    }

    default Expr like(String pattern) {
        return new Like(this, Exprs.of(pattern), null, false);
    }

    default Expr in(Object... options) {
        return new In(this, Exprs.all(options));
    }

    default Expr between(Object low, Object high) {
        return new Between(this, Exprs.of(low), Exprs.of(high));
    }

    default Expr cast(Type type) {
        return new Cast(this, type, false);
    }

    default Expr tryCast(Type type) {
        return new Cast(this, type, true);
    }
}
