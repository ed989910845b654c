package io.nodedb.bench.startup;

import io.nodedb.KeyValue;
import io.nodedb.NodeDb;
import io.nodedb.bench.trial.ProcessorTime;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Opens a database in a directory, writes a row when it is new, reads it, says it. */
final class FirstRow {
    static final String KEY = "first";
    static final String VALUE = "row";

    private FirstRow() {}

    /** Arguments: the directory; {@code new} or {@code existing}. */
    public static void main(String[] arguments) {
        try (NodeDb database = NodeDb.open(Path.of(arguments[0]))) {
            KeyValue rows = database.kv("rows");
            if (arguments[1].equals("new")) {
                rows.put(KEY, VALUE);
            }
            @Nullable String row = rows.get(KEY);
            Said.say(Said.ROW, row);
            Said.say(Said.PROCESSOR_NANOS, ProcessorTime.nanos());
        }
    }
}
