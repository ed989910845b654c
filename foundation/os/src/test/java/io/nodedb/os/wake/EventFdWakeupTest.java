package io.nodedb.os.wake;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.os.libc.NativeAccess;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class EventFdWakeupTest extends WakeupContract {
    @BeforeAll
    static void needsForeignCalls() {
        Assumptions.assumeTrue(NativeAccess.allowed(), NativeAccess.refusal());
    }

    @Override
    protected Wakeup create() {
        return Wakeups.create(WakeupMechanism.EVENTFD);
    }

    @Test
    void namesItsMechanism() {
        try (Wakeup wakeup = create()) {
            assertThat(wakeup.mechanism()).isEqualTo("eventfd");
        }
    }

    /** The number of a closed descriptor goes to the next one that is opened. */
    @Test
    void lateSignalDoesNotReachTheNextDescriptor() {
        Wakeup closed = create();
        closed.close();
        try (Wakeup next = create()) {
            closed.signal();
            closed.close();
            assertThat(next.await(0)).isFalse();
            next.signal();
            assertThat(next.await(0)).isTrue();
        }
    }
}
