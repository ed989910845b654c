package io.nodedb.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForkedJvmTest {
    /** Says its first argument, then echoes lines until "exit N" or the end of its input. */
    static final class Echo {
        private Echo() {}

        public static void main(String[] arguments) throws IOException {
            System.err.println("echo is here");
            System.out.println(arguments[0]);
            BufferedReader in =
                    new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.startsWith("exit ")) {
                    System.exit(Integer.parseInt(line.substring("exit ".length())));
                }
                System.out.println("heard " + line);
            }
        }
    }

    @Test
    void processIsSpokenToLineByLineAndItsExitStatusIsTold() {
        try (ForkedJvm jvm = ForkedJvm.start(Echo.class, "ready")) {
            jvm.awaitLine("ready");
            jvm.send("one");
            jvm.send("two");
            assertThat(jvm.readLine()).isEqualTo("heard one");
            assertThat(jvm.readLine()).isEqualTo("heard two");
            jvm.send("exit 7");
            assertThat(jvm.waitFor()).isEqualTo(7);
            assertThat(jvm.readLine()).isNull();
            assertThat(jvm.readLine()).isNull();
            assertThat(jvm.stderr()).contains("echo is here");
        }
    }

    @Test
    void killEndsItWithoutGoodbye() {
        try (ForkedJvm jvm = ForkedJvm.start(List.of("-Xmx64m"), Echo.class, "ready")) {
            jvm.awaitLine("ready");
            assertThat(jvm.isAlive()).isTrue();
            jvm.kill();
            assertThat(jvm.isAlive()).isFalse();
            assertThat(ProcessHandle.of(jvm.pid()).filter(ProcessHandle::isAlive)).isEmpty();
            assertThat(jvm.waitFor()).isNotEqualTo(0);
        }
    }

    @Test
    void endBeforeTheAwaitedLineFailsWithStandardError() {
        try (ForkedJvm jvm = ForkedJvm.start(Echo.class, "ready")) {
            jvm.send("exit 3");
            assertThatThrownBy(() -> jvm.awaitLine("never"))
                    .isInstanceOf(AssertionError.class)
                    .hasMessageContaining("exit=3")
                    .hasMessageContaining("echo is here");
        }
    }
}
