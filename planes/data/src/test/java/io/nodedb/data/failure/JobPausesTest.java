package io.nodedb.data.failure;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class JobPausesTest {
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    @Test
    void failedJobIsPausedForItsEngineAndTenantOnly() {
        JobPauses pauses = new JobPauses(30 * SECOND);
        pauses.failed("expiry", 3, 1, 17, 0);
        assertThat(pauses.mayRun("expiry", 3, 1, 17, 30 * SECOND - 1)).isFalse();
        assertThat(pauses.mayRun("expiry", 3, 1, 18, 1)).isTrue();
        assertThat(pauses.mayRun("expiry", 3, 2, 17, 1)).isTrue();
        assertThat(pauses.mayRun("expiry", 4, 1, 17, 1)).isTrue();
        assertThat(pauses.mayRun("checkpoint", 3, 1, 17, 1)).isTrue();
        assertThat(pauses.mayRun("expiry", 3, 1, 17, 30 * SECOND)).isTrue();
        assertThat(pauses.mayRun("expiry", 3, 1, 17, 30 * SECOND + 1)).isTrue();
    }

    @Test
    void pauseOfAnyTenantIsAPauseInItsEngine() {
        JobPauses pauses = new JobPauses(30 * SECOND);
        assertThat(pauses.anyPaused("expiry", 3, 1, 0)).isFalse();
        pauses.failed("expiry", 3, 1, 17, 0);
        assertThat(pauses.anyPaused("expiry", 3, 1, 30 * SECOND - 1)).isTrue();
        assertThat(pauses.anyPaused("expiry", 3, 2, 1)).isFalse();
        assertThat(pauses.anyPaused("expiry", 3, 1, 30 * SECOND)).isFalse();
    }
}
