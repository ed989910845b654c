package io.nodedb.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.NodeDb;
import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.assembly.Front;
import io.nodedb.base.settings.Settings;
import io.nodedb.data.recovery.RecoveryProgress;
import java.nio.file.Path;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecoveryNoticesTest {
    /** A bound on a hang, not an expectation. */
    private static final int PATIENCE_SECONDS = 60;

    private final RecoveryProgress progress = new RecoveryProgress();
    private final BlockingQueue<String> told = new LinkedBlockingQueue<>();

    private String next() throws InterruptedException {
        return told.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    }

    @Test
    void longRecoveryIsToldAgainAndAgain() throws InterruptedException {
        progress.begin("reading");
        try (RecoveryNotices _ = new RecoveryNotices(progress, 1, told::add)) {
            assertThat(next()).isEqualTo("recovering: step=reading");
            assertThat(next()).isEqualTo("recovering: step=reading");
            progress.begin("loading");
            progress.expectCheckpoints(3);
            String line = next();
            while (!line.contains("checkpoints")) {
                line = next();
            }
            assertThat(line).isEqualTo("recovering: step=loading checkpoints=0/3 entries=0");
        }
    }

    @Test
    void shortRecoveryIsNotTold() {
        try (RecoveryNotices _ =
                new RecoveryNotices(progress, TimeUnit.DAYS.toMillis(1), told::add)) {
            progress.begin("reading");
        }
        assertThat(told).isEmpty();
    }

    @Test
    void closingKeepsAnInterrupt() {
        RecoveryNotices notices =
                new RecoveryNotices(progress, TimeUnit.DAYS.toMillis(1), told::add);
        Thread.currentThread().interrupt();
        notices.close();
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void openingTellsItsSteps(@TempDir Path folder) {
        try (NodeDb database = NodeDb.open(folder)) {
            database.kv("orders").put(new byte[] {1}, new byte[] {2});
        }
        try (EmbeddedDatabase _ =
                EmbeddedDatabase.open(
                        folder, Settings.defaults(), Front.NONE, progress, () -> {})) {
            assertThat(progress.checkpointsLoaded()).isPositive();
            assertThat(progress.describe())
                    .contains(" checkpoints=" + progress.checkpointsLoaded() + "/");
        }
    }
}
