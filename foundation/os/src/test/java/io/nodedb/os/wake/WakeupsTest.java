package io.nodedb.os.wake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.os.libc.NativeAccess;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class WakeupsTest {
    @AfterEach
    void forgetProperty() {
        System.clearProperty(Wakeups.PROPERTY);
    }

    @Test
    void takesEventFdWhereForeignCallsAreAllowed() {
        try (Wakeup wakeup = Wakeups.create()) {
            assertThat(wakeup.mechanism()).isEqualTo(NativeAccess.allowed() ? "eventfd" : "park");
        }
    }

    @Test
    void propertyForcesTheMechanism() {
        System.setProperty(Wakeups.PROPERTY, "park");
        try (Wakeup wakeup = Wakeups.create()) {
            assertThat(wakeup.mechanism()).isEqualTo("park");
        }
    }

    @Test
    void refusesAnUnknownMechanism() {
        System.setProperty(Wakeups.PROPERTY, "futex");
        assertThatThrownBy(Wakeups::create)
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_ARGUMENT))
                .hasMessageContaining("value=futex");
    }
}
