/**
 * Scalar expressions. {@link io.nodedb.plan.expression.Expr} is the tree as written (from {@link
 * io.nodedb.plan.expression.Exprs} or SQL), {@link io.nodedb.plan.expression.ExprFormat} its bytes
 * in the catalog; {@link io.nodedb.plan.expression.Binder} resolves names and types against a
 * {@link io.nodedb.plan.expression.FieldScope} and gives a {@link
 * io.nodedb.plan.expression.BoundExpression}, which is evaluated row by row through a {@link
 * io.nodedb.plan.expression.RowView}.
 *
 * <p>Semantics are PostgreSQL's: three-valued logic, implicit conversions, results and SQLSTATEs. A
 * schemaless field has type ANY: its operators are chosen by each value.
 *
 * <p>Threads: expressions, bound or not, are immutable; an {@link
 * io.nodedb.plan.expression.Evaluation} belongs to one thread.
 *
 * <p>To add a function: one line in the class of its family, such as {@code StringFunctions}.
 */
@NullMarked
package io.nodedb.plan.expression;

import org.jspecify.annotations.NullMarked;
