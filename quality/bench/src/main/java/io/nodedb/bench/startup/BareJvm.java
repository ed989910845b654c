package io.nodedb.bench.startup;

import io.nodedb.bench.trial.ProcessorTime;

/** As {@link FirstRow}, without a database: what the JVM alone takes. */
final class BareJvm {
    private BareJvm() {}

    public static void main(String[] arguments) {
        Said.say(Said.ROW, FirstRow.VALUE);
        Said.say(Said.PROCESSOR_NANOS, ProcessorTime.nanos());
    }
}
