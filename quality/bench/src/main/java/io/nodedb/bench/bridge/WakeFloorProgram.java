package io.nodedb.bench.bridge;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The C program that measures the machine's own floor of a hop to a sleeping thread. It is compiled
 * where it runs, because only there it is known for which machine.
 */
final class WakeFloorProgram {
    private static final String SOURCE = "wake_floor.c";
    private static final List<String> COMPILERS = List.of("cc", "gcc");

    private WakeFloorProgram() {}

    /** Compiles it into {@code folder}; empty when no C compiler here can. */
    static Optional<Path> compile(Path folder) throws IOException {
        Path source = folder.resolve(SOURCE);
        try (InputStream resource = WakeFloorProgram.class.getResourceAsStream(SOURCE)) {
            if (resource == null) {
                throw new FileNotFoundException("The image lacks a resource: name=" + SOURCE);
            }
            long ignored = Files.copy(resource, source);
        }
        Path program = folder.resolve("wake_floor");
        for (String compiler : COMPILERS) {
            if (compiles(compiler, source, program)) {
                return Optional.of(program);
            }
        }
        return Optional.empty();
    }

    private static boolean compiles(String compiler, Path source, Path program) {
        ProcessBuilder builder =
                new ProcessBuilder(
                                compiler,
                                "-O2",
                                "-pthread",
                                "-o",
                                program.toString(),
                                source.toString())
                        .redirectErrorStream(true)
                        // Standard output is the report's.
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD);
        try {
            return builder.start().waitFor() == 0;
        } catch (IOException _) {
            // There is no compiler of this name.
            return false;
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
