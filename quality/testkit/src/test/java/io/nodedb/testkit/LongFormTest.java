package io.nodedb.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LongFormTest {
    @Test
    void formIsShortUnlessTheSuiteIsNamed() {
        assertThat(LongForm.of("ring", null, null).count(10, 1000)).isEqualTo(10);
        assertThat(LongForm.of("ring", "", "").count(10, 1000)).isEqualTo(10);
        assertThat(LongForm.of("ring", "rings", null).count(10, 1000)).isEqualTo(10);
        assertThat(LongForm.of("ring", "ring", null).count(10, 1000)).isEqualTo(1000);
    }

    @Test
    void seedIsTheDefaultUnlessOneIsGiven() {
        assertThat(LongForm.of("ring", null, null).seed()).isEqualTo(LongForm.DEFAULT_SEED);
        assertThat(LongForm.of("ring", null, "").seed()).isEqualTo(LongForm.DEFAULT_SEED);
        assertThat(LongForm.of("ring", null, "-7").seed()).isEqualTo(-7);
    }

    @Test
    void replayCommandNamesTheFormThatRan() {
        assertThat(LongForm.of("ring", null, null).replayCommand(42))
                .isEqualTo("./test --short ring --seed 42");
        assertThat(LongForm.of("ring", "ring", null).replayCommand(42))
                .isEqualTo("./test --long ring --seed 42");
    }

    @Test
    void nameWithASpaceIsRefused() {
        assertThatThrownBy(() -> LongForm.of("the ring", null, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("'the ring'");
    }
}
