package io.nodedb.bench.trial;

import io.nodedb.bench.report.Measurement;
import java.io.PrintStream;
import java.util.EnumMap;
import java.util.Map;

/**
 * How a trial tells its measurements: lines on standard output that begin with a mark, so that what
 * a library prints there is not taken for one.
 *
 * <pre>
 *   {@value #MEASUREMENT} work TAB value TAB failed [TAB EXTRA=amount]...
 *   {@value #SKIPPED} reason
 * </pre>
 */
public final class TrialOutput {
    static final String MEASUREMENT = "@measurement ";
    static final String SKIPPED = "@skipped ";
    private static final String SEPARATOR = "\t";

    private final PrintStream stream;

    TrialOutput(PrintStream stream) {
        this.stream = stream;
    }

    /** {@code work} is the name by which the benchmark knows it. */
    public void tell(String work, Measurement measurement) {
        StringBuilder line = new StringBuilder(MEASUREMENT).append(work);
        line.append(SEPARATOR).append(measurement.value());
        line.append(SEPARATOR).append(measurement.failed());
        measurement
                .extras()
                .forEach((extra, amount) ->
                        line.append(SEPARATOR).append(extra).append('=').append(amount));
        line(line.toString());
    }

    /** The contestant is not there. */
    void skipped(String reason) {
        line(SKIPPED + reason.replace('\n', ' '));
    }

    private void line(String text) {
        stream.println(text);
        stream.flush();
    }

    /** A line of {@link #tell}, read back. */
    record Told(String work, Measurement measurement) {
        static Told parse(String line) {
            String[] fields = line.substring(MEASUREMENT.length()).split(SEPARATOR, -1);
            Map<Measurement.Extra, Double> extras = new EnumMap<>(Measurement.Extra.class);
            for (int i = 3; i < fields.length; i++) {
                int equals = fields[i].indexOf('=');
                extras.put(
                        Measurement.Extra.valueOf(fields[i].substring(0, equals)),
                        Double.valueOf(fields[i].substring(equals + 1)));
            }
            return new Told(
                    fields[0],
                    new Measurement(
                            Double.parseDouble(fields[1]), Long.parseLong(fields[2]), extras));
        }
    }
}
