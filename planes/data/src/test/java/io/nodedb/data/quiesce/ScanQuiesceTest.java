package io.nodedb.data.quiesce;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ScanQuiesceTest {
    private final ScanQuiesce quiesce = new ScanQuiesce();

    @Test
    void drainCompletesWhenTheLastOpenScanHasEnded() {
        assertThat(quiesce.enter(20)).isTrue();
        assertThat(quiesce.enter(20)).isTrue();
        CompletableFuture<Void> drained = quiesce.drain(20).toCompletableFuture();
        quiesce.leave(20);
        assertThat(drained).isNotDone();
        quiesce.leave(20);
        assertThat(drained).isCompleted();
    }

    @Test
    void drainingCollectionGivesOutNoPermit() {
        CompletableFuture<Void> drained = quiesce.drain(20).toCompletableFuture();
        assertThat(drained).isCompleted();
        assertThat(quiesce.enter(20)).isFalse();
        assertThat(quiesce.enter(21)).isTrue();
    }

    @Test
    void clearingTheMarkLetsScansInAgain() {
        quiesce.drain(20);
        quiesce.clear(20);
        assertThat(quiesce.enter(20)).isTrue();
        assertThat(quiesce.open(20)).isEqualTo(1);
    }
}
