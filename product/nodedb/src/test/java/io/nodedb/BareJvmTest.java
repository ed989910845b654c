package io.nodedb;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An embedded database in a process that was started without any flag. */
class BareJvmTest {
    /** The process: writes, reads, commits, closes, opens again. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) {
            Path directory = Path.of(arguments[0]);
            try (NodeDb db = NodeDb.open(directory)) {
                db.kv("things").put("a", "1");
                db.documents("papers").insert("p", Document.empty().with("pages", 12));
                db.inTransaction(transaction -> {
                    long next = transaction.kv("things").increment("a", 41);
                    transaction.kv("things").put("b", "after " + next);
                });
            }
            try (NodeDb db = NodeDb.open(directory)) {
                System.out.println(db.kv("things").get("a") + ", " + db.kv("things").get("b"));
                System.out.println(db.documents("papers").get("p"));
                System.out.println(db.health().status());
            }
        }
    }

    @Test
    void everythingWorksWithoutAnyFlag(@TempDir Path folder) throws Exception {
        Path said = folder.resolve("said");
        Path complained = folder.resolve("complained");
        Process process =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Program.class.getName(),
                                folder.resolve("database").toString())
                        .redirectOutput(said.toFile())
                        .redirectError(complained.toFile())
                        .start();
        assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
        assertThat(process.exitValue()).as(Files.readString(complained)).isZero();
        assertThat(Files.readAllLines(said))
                .containsExactly("42, after 42", "{\"pages\": 12}", "SERVING");
    }
}
