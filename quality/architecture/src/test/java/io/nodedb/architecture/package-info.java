/**
 * Holds the architecture: {@link io.nodedb.architecture.HousePlan} reads the table of modules in
 * {@code docs/architecture.md}, {@link io.nodedb.architecture.House} finds the modules as they are,
 * and the tests compare. What each class may do is in {@link io.nodedb.architecture.Rules}; to add
 * a rule, add it there, hold it in {@code RulesTest}, and show with a class in {@code fixture} that
 * it bites.
 */
@NullMarked
package io.nodedb.architecture;

import org.jspecify.annotations.NullMarked;
