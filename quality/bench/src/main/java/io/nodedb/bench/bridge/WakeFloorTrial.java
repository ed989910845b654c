package io.nodedb.bench.bridge;

import io.nodedb.bench.trial.Trial;
import io.nodedb.bench.trial.TrialInput;
import io.nodedb.bench.trial.TrialOutput;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * The idle hop of {@link HopTrial} between two threads of a C program ({@link WakeFloorProgram}):
 * what the kernel and the machine take for it, without the bridge and without a JVM. This process
 * only waits for it.
 */
public final class WakeFloorTrial implements Trial {
    @Override
    public void run(TrialInput input, TrialOutput output) throws IOException, InterruptedException {
        long count = input.number("count");
        Process process =
                new ProcessBuilder(
                                input.path("program").toString(),
                                input.text("wakeup"),
                                input.text("lane").toLowerCase(Locale.ROOT),
                                Long.toString(HopTrial.PAUSE_NANOS),
                                Long.toString(count))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start();
        try (BufferedReader said = process.inputReader(StandardCharsets.UTF_8)) {
            String line = said.readLine();
            int status = process.waitFor();
            if (line == null || status != 0) {
                throw new IOException("The C program broke down: exit=" + status);
            }
            String[] numbers = line.split(" ", -1);
            long counted = Long.parseLong(numbers[2]);
            long wrong = Long.parseLong(numbers[3]);
            output.tell(
                    input.text("work"),
                    HopTrial.latencies(
                            Long.parseLong(numbers[0]),
                            Long.parseLong(numbers[1]),
                            HopTrial.failed(wrong, counted, count)));
        } finally {
            process.destroyForcibly();
        }
    }
}
