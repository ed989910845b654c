/**
 * What a request asks of the Data Plane. A {@link io.nodedb.plan.Call} moves with its request: the
 * sender fills it and forgets it, the owning core executes it and fills in the answer, the sender
 * reads that. To add one: a subclass in the package of its engine.
 */
@NullMarked
package io.nodedb.plan;

import org.jspecify.annotations.NullMarked;
