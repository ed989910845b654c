package io.nodedb.os.lock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryLockIT {
    @TempDir private Path directory;

    /** Runs in the other process: locks, says so, holds until its input ends. */
    static final class Holder {
        private Holder() {}

        public static void main(String[] arguments) throws IOException {
            try (DirectoryLock lock = DirectoryLock.acquire(Path.of(arguments[0]))) {
                System.out.println("held " + lock.directory());
                System.in.readAllBytes();
            } catch (NodeDbException e) {
                System.out.println(e.code());
            }
        }
    }

    private Process startHolder() throws IOException {
        return new ProcessBuilder(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                "-cp",
                                System.getProperty("java.class.path"),
                                Holder.class.getName(),
                                directory.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static String firstLine(Process process) throws IOException {
        BufferedReader output = process.inputReader();
        return output.readLine();
    }

    private void assertHeldBy(long pid) {
        assertThatThrownBy(() -> DirectoryLock.acquire(directory))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.ALREADY_OPEN))
                .hasMessageContaining("pid=" + pid)
                .hasMessageContaining(directory.getFileName().toString());
    }

    @Test
    void thisProcessHoldsItOnce() throws IOException {
        long self = ProcessHandle.current().pid();
        DirectoryLock lock = DirectoryLock.acquire(directory);
        assertThat(Files.readString(directory.resolve(DirectoryLock.FILE_NAME)))
                .isEqualTo(self + "\n");
        assertHeldBy(self);
        lock.close();
        lock.close();
        DirectoryLock.acquire(directory).close();
    }

    @Test
    void anotherProcessHoldsItUntilItEndsHoweverItEnds() throws Exception {
        Process holder = startHolder();
        assertThat(firstLine(holder)).isEqualTo("held " + directory.toRealPath());
        assertHeldBy(holder.pid());
        assertHeldBy(holder.pid());
        holder.destroyForcibly().waitFor();
        DirectoryLock.acquire(directory).close();
    }

    /** POSIX would drop the lock if the refused attempt opened and closed the file. */
    @Test
    void refusedAttemptInThisProcessDoesNotDropTheLock() throws Exception {
        try (DirectoryLock lock = DirectoryLock.acquire(directory)) {
            assertThat(lock.directory()).isEqualTo(directory.toRealPath());
            assertHeldBy(ProcessHandle.current().pid());
            Process other = startHolder();
            assertThat(firstLine(other)).isEqualTo("ALREADY_OPEN");
            other.waitFor();
        }
    }

    @Test
    void directoryMustStand() {
        assertThatThrownBy(() -> DirectoryLock.acquire(directory.resolve("absent")))
                .isInstanceOf(NoSuchFileException.class);
    }
}
