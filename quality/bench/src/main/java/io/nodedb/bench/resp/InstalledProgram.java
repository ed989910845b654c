package io.nodedb.bench.resp;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Programs that may be installed beside us. Stateless. */
final class InstalledProgram {
    private static final Pattern VERSION = Pattern.compile("\\d+(?:\\.\\d+)+");

    private InstalledProgram() {}

    /** The version that a program tells, or null when it is not in the path. */
    static @Nullable String version(String program) throws IOException {
        Process process;
        try {
            process = new ProcessBuilder(program, "--version").redirectErrorStream(true).start();
        } catch (IOException notThere) {
            return null;
        }
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        Matcher version = VERSION.matcher(said);
        return version.find() ? version.group() : "of an unknown version";
    }
}
