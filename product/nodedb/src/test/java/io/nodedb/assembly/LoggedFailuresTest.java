package io.nodedb.assembly;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.logging.Level;
import java.util.logging.LogRecord;
import org.junit.jupiter.api.Test;

class LoggedFailuresTest {
    private final LoggedFailures failures = new LoggedFailures(7);

    @Test
    void noticesAndWarningsAndErrorsHaveTheirLevels() {
        try (RecordedLog log = RecordedLog.of("io.nodedb.failures")) {
            failures.notice(false, "recovered");
            failures.warning("runs unpinned");
            failures.notice(true, "degraded");
            String id = failures.report("request", "GET", new IllegalStateException("boom"));
            assertThat(log.records())
                    .extracting(LogRecord::getLevel)
                    .containsExactly(Level.INFO, Level.WARNING, Level.SEVERE, Level.SEVERE);
            assertThat(log.records().getLast().getMessage()).contains("id=" + id);
        }
    }
}
