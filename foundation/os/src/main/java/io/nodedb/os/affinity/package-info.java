/**
 * Binding threads to processors: {@link io.nodedb.os.affinity.Affinity}. Where it cannot be done
 * the answer says why, and nothing else happens.
 */
@NullMarked
package io.nodedb.os.affinity;

import org.jspecify.annotations.NullMarked;
