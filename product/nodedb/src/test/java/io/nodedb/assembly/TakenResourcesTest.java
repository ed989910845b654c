package io.nodedb.assembly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class TakenResourcesTest {
    private final TakenResources taken = new TakenResources();
    private final List<String> givenBack = new ArrayList<>();

    private void take(String... names) {
        for (String name : names) {
            taken.add(() -> givenBack.add(name));
        }
    }

    @Test
    void everythingIsGivenBackOnceInTheReverseOrder() {
        take("lock", "files");
        taken.addUser(() -> givenBack.add("threads"));
        taken.giveBack();
        taken.giveBack();
        assertThat(givenBack).containsExactly("threads", "files", "lock");
    }

    @Test
    void failuresKeepNothingAndTheFirstIsThrownWithTheOthers() {
        take("lock");
        taken.add(() -> {
            throw new IllegalStateException("second");
        });
        take("files");
        taken.add(() -> {
            throw new IllegalStateException("first");
        });
        assertThatThrownBy(taken::giveBack)
                .hasMessage("first")
                .satisfies(first ->
                        assertThat(first.getSuppressed())
                                .singleElement()
                                .satisfies(other -> assertThat(other).hasMessage("second")));
        assertThat(givenBack).containsExactly("files", "lock");
    }

    @Test
    void userThatGoesOnKeepsWhatWasTakenBeforeIt() {
        take("lock", "files");
        taken.addUser(() -> false);
        take("feed");
        RuntimeException failure = new RuntimeException("a start has failed");
        taken.giveBackAfter(failure);
        taken.giveBack();
        assertThat(givenBack).containsExactly("feed");
        assertThat(failure.getSuppressed()).isEmpty();
    }

    @Test
    void userWhoseEndFailsKeepsWhatWasTakenBeforeIt() {
        take("lock");
        taken.addUser(() -> {
            throw new IllegalStateException("no end");
        });
        assertThatThrownBy(taken::giveBack).hasMessage("no end");
        taken.giveBack();
        assertThat(givenBack).isEmpty();
    }
}
