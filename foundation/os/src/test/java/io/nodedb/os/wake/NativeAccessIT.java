package io.nodedb.os.wake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process without flags falls back to parking and its standard error stays clean. */
class NativeAccessIT {
    /** Runs in the other process. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) {
            try (Wakeup wakeup = Wakeups.create()) {
                wakeup.signal();
                System.out.print(wakeup.mechanism() + " " + wakeup.await(Long.MAX_VALUE));
            }
        }
    }

    @Test
    void withoutTheFlagItParksSilently() throws Exception {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Main.class.getName()))
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).isEqualTo("park true");
    }
}
