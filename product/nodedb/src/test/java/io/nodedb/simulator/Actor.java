package io.nodedb.simulator;

/**
 * Somebody outside the database: a client or a consumer. It survives the database's crashes and
 * goes on in the next life with what it knows.
 */
abstract class Actor {
    private final String name;

    Actor(String name) {
        this.name = name;
    }

    final String name() {
        return name;
    }

    /** A new life of the database begins. */
    abstract void attach(SimulatedLife life);

    /** The life has ended: what is under way has no answer. */
    abstract void detach();

    /** Does one thing, if there is one to do. @return true when it did */
    abstract boolean step();

    /** True when nothing is under way. */
    abstract boolean idle();
}
