package io.nodedb.storage.rows;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** Bytes of a format as they were first released, in hexadecimal. */
public final class GoldenFile {
    private GoldenFile() {}

    /** The text of a golden file. */
    public static String text(String name) throws IOException {
        try (var stream = GoldenFile.class.getResourceAsStream("/golden/" + name)) {
            assertThat(stream).as("golden file %s", name).isNotNull();
            return new String(stream.readAllBytes(), US_ASCII).strip();
        }
    }
}
