package io.nodedb.os.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class ProcessMemoryTest {
    @Test
    void numbersAreSane() {
        assertThat(ProcessMemory.physicalBytes()).isGreaterThan(1 << 26);
        assertThat(ProcessMemory.availableBytes())
                .isPositive()
                .isLessThanOrEqualTo(ProcessMemory.physicalBytes());
        assertThat(Integer.bitCount(ProcessMemory.pageBytes())).isOne();
        assertThat(ProcessMemory.pageBytes()).isGreaterThanOrEqualTo(4096);
        assertThat(ProcessMemory.pid()).isPositive();
        assertThat(ProcessMemory.processors()).isPositive();
    }

    @Test
    void residentMemoryIsTold() {
        Assumptions.assumeTrue(Files.isReadable(Path.of("/proc/self/status")), "/proc");
        assertThat(ProcessMemory.residentAnonymousBytes())
                .isGreaterThan(1 << 20)
                .isLessThan(ProcessMemory.physicalBytes());
    }

    @Test
    void missingFilesAreNoError() {
        assertThat(ProcFiles.sizeField(Path.of("/nonexistent"), "RssAnon"))
                .isEqualTo(ProcFiles.ABSENT);
    }
}
