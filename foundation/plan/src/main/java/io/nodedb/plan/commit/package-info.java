/** Calls of the commit protocol and of the catalog: what the Control Plane asks of participants. */
@NullMarked
package io.nodedb.plan.commit;

import org.jspecify.annotations.NullMarked;
