package io.nodedb.os.wake;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ParkWakeupTest extends WakeupContract {
    @Override
    protected Wakeup create() {
        return Wakeups.create(WakeupMechanism.PARK);
    }

    @Test
    void namesItsMechanism() {
        try (Wakeup wakeup = create()) {
            assertThat(wakeup.mechanism()).isEqualTo("park");
        }
    }
}
