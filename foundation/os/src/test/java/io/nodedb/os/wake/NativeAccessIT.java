package io.nodedb.os.wake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.os.disk.FileSystemDisk;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process without flags falls back to parking and to channels, and its standard error stays
 * clean.
 */
class NativeAccessIT {
    /** Runs in the other process. */
    static final class Main {
        private Main() {}

        public static void main(String[] arguments) throws IOException {
            try (Wakeup wakeup = Wakeups.create()) {
                wakeup.signal();
                System.out.print(wakeup.mechanism() + " " + wakeup.await(Long.MAX_VALUE));
            }
            Disk disk = new FileSystemDisk(Path.of(arguments[0]));
            try (DiskFile file = disk.create("a")) {
                file.write(0, ByteBuffer.allocateDirect(1));
                System.out.print(" " + file.size() + " " + disk.survivesInterrupts());
            }
        }
    }

    @Test
    void withoutTheFlagItFallsBackSilently(@TempDir Path folder) throws Exception {
        Process process =
                new ProcessBuilder(
                                List.of(
                                        Path.of(System.getProperty("java.home"), "bin", "java")
                                                .toString(),
                                        "-cp",
                                        System.getProperty("java.class.path"),
                                        Main.class.getName(),
                                        folder.toString()))
                        .redirectErrorStream(true)
                        .start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(output).isEqualTo("park true 1 false");
    }
}
