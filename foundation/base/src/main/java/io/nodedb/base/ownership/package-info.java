/**
 * Annotations that say which thread may touch a type's state; the architecture test checks them.
 */
@NullMarked
package io.nodedb.base.ownership;

import org.jspecify.annotations.NullMarked;
