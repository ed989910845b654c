package io.nodedb.bench.trial;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.bench.report.Measurement;
import io.nodedb.bench.report.Measurement.Extra;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class TrialOutputTest {
    @Test
    void measurementComesBackAsItWasTold() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Measurement measurement =
                Measurement.of(12.5, 2).with(Extra.P99_MICROS, 3.25).with(Extra.P50_MICROS, 1);
        new TrialOutput(new PrintStream(bytes, true, StandardCharsets.UTF_8))
                .tell("put, 1 thread", measurement);
        String line = bytes.toString(StandardCharsets.UTF_8).strip();
        assertThat(TrialOutput.Told.parse(line))
                .isEqualTo(new TrialOutput.Told("put, 1 thread", measurement));
    }

    @Test
    void inputSurvivesTheCommandLine() {
        TrialInput input = TrialInput.EMPTY.with("work", "a=b, c").with("count", 7);
        assertThat(TrialInput.parse(input.arguments())).isEqualTo(input);
        assertThat(TrialInput.parse(List.of("millis=5")).nanos("millis")).isEqualTo(5_000_000);
    }
}
