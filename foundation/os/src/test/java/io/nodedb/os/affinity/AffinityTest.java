package io.nodedb.os.affinity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import io.nodedb.os.libc.NativeAccess;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class AffinityTest {
    @Test
    void parsesTheKernelsLists() {
        assertThat(Affinity.parseList("0")).containsExactly(0);
        assertThat(Affinity.parseList("0-3,8,10-11")).containsExactly(0, 1, 2, 3, 8, 10, 11);
    }

    @Test
    void pinnedThreadMayRunOnThatProcessorOnly() throws Exception {
        Assumptions.assumeTrue(NativeAccess.allowed(), NativeAccess.refusal());
        int[] allowed = Affinity.allowedProcessors();
        int chosen = allowed[allowed.length - 1];
        CompletableFuture<int[]> after = new CompletableFuture<>();
        Thread thread =
                Thread.ofPlatform()
                        .start(() -> {
                            Pinning pinning = Affinity.pinCurrentThread(chosen);
                            after.complete(
                                    pinning.pinned() ? Affinity.allowedProcessors() : new int[0]);
                        });
        thread.join();
        assertThat(after.get()).containsExactly(chosen);
        assertThat(Affinity.allowedProcessors()).isEqualTo(allowed);
    }

    @Test
    void absentProcessorIsToldNotThrown() {
        Pinning pinning = Affinity.pinCurrentThread(Affinity.MAX_PROCESSORS - 1);
        assertThat(pinning.pinned()).isFalse();
        assertThat(pinning.reason()).isNotEmpty();
        assertThatThrownBy(() -> Affinity.pinCurrentThread(-1)).isInstanceOf(BugException.class);
    }
}
