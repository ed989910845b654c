package io.nodedb.document.definition;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.plan.expression.Expr;

/** A condition that no row may make false; NULL passes, as in SQL. */
@Immutable
public record CheckConstraint(String name, Expr condition) {}
