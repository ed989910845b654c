package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Replays transcripts: commands, each followed by the reply that Redis 7.0.15 gave. A line {@code
 * flush} begins with no keys again; empty lines and those with a number sign say nothing.
 */
class CommandTranscriptTest extends CommandFixture {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "strings",
                "keys",
                "counters",
                "ranges",
                "bits",
                "sort",
                "sort-collections",
                "hashes",
                "sets",
                "lists",
                "sorted-sets",
                "sorted-sets-zeros",
                "large-hashes"
            })
    void repliesAreThoseOfRedis(String name) throws IOException {
        String text;
        try (InputStream file = getClass().getResourceAsStream("transcripts/" + name + ".txt")) {
            text = new String(file.readAllBytes(), StandardCharsets.US_ASCII);
        }
        int checked = 0;
        Iterator<String> lines = text.lines().iterator();
        while (lines.hasNext()) {
            String line = lines.next();
            if (line.equals("flush")) {
                core.engine.close();
                while (governor.reclaimer().step()) {
                    // more
                }
                core = new KvCore(governor, true);
            } else if (!line.isEmpty() && line.charAt(0) != '#') {
                assertThat(run(line)).as("line %s: %s", name, line).isEqualTo(lines.next());
                checked++;
            }
        }
        assertThat(checked).isPositive();
    }
}
