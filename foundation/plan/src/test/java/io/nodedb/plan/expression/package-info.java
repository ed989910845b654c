@NullMarked
package io.nodedb.plan.expression;

import org.jspecify.annotations.NullMarked;
