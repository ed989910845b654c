package io.nodedb.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SeededRunsTest {
    private final List<Long> firstDraws = new ArrayList<>();

    private static List<Long> firstDrawsOf(long... seeds) {
        List<Long> draws = new ArrayList<>();
        for (long seed : seeds) {
            draws.add(new SplittableRandom(seed).nextLong());
        }
        return draws;
    }

    @Test
    void shortFormRunsItsCountFromTheDefaultSeed() {
        SeededRuns.of(LongForm.of("demo", null, null))
                .run(3, 5, random -> firstDraws.add(random.nextLong()));
        assertThat(firstDraws).isEqualTo(firstDrawsOf(1, 2, 3));
    }

    @Test
    void longFormRunsItsCountFromTheGivenSeed() {
        SeededRuns.of(LongForm.of("demo", "demo", "100"))
                .run(3, 5, random -> firstDraws.add(random.nextLong()));
        assertThat(firstDraws).isEqualTo(firstDrawsOf(100, 101, 102, 103, 104));
    }

    @Test
    void seedsThatOnceFailedRunFirst() {
        SeededRuns.of(LongForm.of("demo", null, null))
                .alsoSeeds(77, 78)
                .run(1, 1, random -> firstDraws.add(random.nextLong()));
        assertThat(firstDraws).isEqualTo(firstDrawsOf(77, 78, 1));
    }

    @Test
    void aSeedThatIsAskedForIsTheFirst() {
        SeededRuns.of(LongForm.of("demo", null, "9"))
                .alsoSeeds(77)
                .run(2, 2, random -> firstDraws.add(random.nextLong()));
        assertThat(firstDraws).isEqualTo(firstDrawsOf(9, 10));
    }

    @Test
    void failureNamesItsSeedAndTheCommandThatReplaysIt() {
        long bad = firstDrawsOf(2).getFirst();
        assertThatThrownBy(() ->
                        SeededRuns.of(LongForm.of("demo", null, null))
                                .run(
                                        3,
                                        5,
                                        random -> {
                                            if (random.nextLong() == bad) {
                                                throw new IllegalStateException("lost 3");
                                            }
                                        }))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("seed=2 fails")
                .hasMessageContaining("./test --short demo --seed 2")
                .hasMessageContaining("lost 3")
                .hasCauseInstanceOf(IllegalStateException.class);
    }
}
