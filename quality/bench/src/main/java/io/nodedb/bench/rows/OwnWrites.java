package io.nodedb.bench.rows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** What this process has handed to the operating system to be written; Linux tells. */
final class OwnWrites {
    private static final Path COUNTS = Path.of("/proc/self/io");
    private static final String WRITTEN = "wchar: ";

    private OwnWrites() {}

    /** Bytes of all write calls since the start of the process; 0 where that is not known. */
    static long bytes() throws IOException {
        if (!Files.isReadable(COUNTS)) {
            return 0;
        }
        for (String line : Files.readAllLines(COUNTS)) {
            if (line.startsWith(WRITTEN)) {
                return Long.parseLong(line.substring(WRITTEN.length()));
            }
        }
        return 0;
    }
}
