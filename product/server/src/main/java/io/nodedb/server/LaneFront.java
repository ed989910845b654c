package io.nodedb.server;

import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.assembly.Front;

/**
 * A protocol with lanes of its own to the cores. It is made before the database opens, which wires
 * its lanes and attaches it; it is bound once the database has been recovered.
 */
public interface LaneFront extends ProtocolFront, Front {
    /** The database answers: called once, after {@link #attach} and before {@link #bind}. */
    void opened(EmbeddedDatabase database);
}
