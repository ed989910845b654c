package io.nodedb.document;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Lines of a golden file, without its comments. */
public final class Golden {
    private Golden() {}

    public static List<String> lines(String name) throws IOException {
        try (InputStream file = Golden.class.getResourceAsStream("/golden/" + name)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .toList();
        }
    }
}
