package io.nodedb.os.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Reading the kernel's small text files, which may be missing or not readable. */
final class ProcFiles {
    /** What {@link #sizeField} answers for a field that is not there. */
    static final long ABSENT = -1;

    private static final long KIB = 1024;

    private ProcFiles() {}

    /** The lines of a file; none when it cannot be read. */
    static List<String> lines(Path file) {
        try {
            return Files.readAllLines(file);
        } catch (IOException e) {
            return List.of();
        }
    }

    /** Bytes of a line like {@code RssAnon: 123 kB}, or {@link #ABSENT}. */
    static long sizeField(Path file, String field) {
        for (String line : lines(file)) {
            if (line.startsWith(field + ":") && line.endsWith(" kB")) {
                String digits = line.substring(field.length() + 1, line.length() - 3).strip();
                return Long.parseLong(digits) * KIB;
            }
        }
        return ABSENT;
    }
}
