package io.nodedb.server.resp.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.server.resp.probe.Words;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The judge of the crash test finds what it is there to find. */
class ExplanationTest {
    private static final String PREFIX = "c0.";
    private static final long SENT = 1_000;
    private static final long SETTLED = 1_010;

    private final OwnKeys acknowledged = new OwnKeys();
    private final TreeMap<String, Found.Value> there = new TreeMap<>();
    private long looked = SETTLED;

    private static Step at(Step step) {
        step.sentMillis = SENT;
        step.settledMillis = SETTLED;
        return step;
    }

    private void acknowledge(String... words) {
        Explanation.apply(acknowledged, at(Step.command(words)));
    }

    private void holds(String key, String value) {
        holds(key, value, Expiry.NO_END);
    }

    private void holds(String key, String value, long end) {
        there.put(
                key,
                new Found.Value("string", List.of(new Found.Element(value, Expiry.NO_END)), end));
    }

    private boolean isExplained(Step... open) {
        List<Step> steps = List.of(open);
        steps.forEach(ExplanationTest::at);
        Found found = new Found(there, looked, looked);
        return Explanation.of(acknowledged, steps, found, PREFIX) != null;
    }

    @Test
    void acknowledgedWriteMustBeThere() {
        acknowledge("SET", "c0.s0", "a");
        assertThat(isExplained()).isFalse();
        holds("c0.s0", "a");
        assertThat(isExplained()).isTrue();
        holds("c0.s1", "of nobody");
        assertThat(isExplained()).isFalse();
    }

    @Test
    void acknowledgedDeletionMustNotBeUndone() {
        acknowledge("SET", "c0.s0", "a");
        acknowledge("DEL", "c0.s0");
        holds("c0.s0", "a");
        assertThat(isExplained()).isFalse();
    }

    @Test
    void unacknowledgedWriteMayBeThereOnceOrNot() {
        acknowledge("INCRBY", "c0.n0", "5");
        for (String sum : List.of("5", "6")) {
            holds("c0.n0", sum);
            assertThat(isExplained(Step.command("INCRBY", "c0.n0", "1"))).isTrue();
        }
        holds("c0.n0", "7");
        assertThat(isExplained(Step.command("INCRBY", "c0.n0", "1"))).isFalse();
    }

    @Test
    void transactionMustNotBeHalfThere() {
        Step both =
                Step.transaction(
                        List.of(Words.of("SET", "c0.s0", "a"), Words.of("SET", "c0.s1", "a")));
        assertThat(isExplained(both)).isTrue();
        holds("c0.s0", "a");
        assertThat(isExplained(both)).isFalse();
        holds("c0.s1", "a");
        assertThat(isExplained(both)).isTrue();
    }

    @Test
    void laterStepOnAKeyNeedsTheEarlierOne() {
        acknowledge("SET", "c0.s0", "a");
        Step first = Step.command("APPEND", "c0.s0", "1");
        Step second = Step.command("APPEND", "c0.s0", "2");
        for (String value : List.of("a", "a1", "a12")) {
            holds("c0.s0", value);
            assertThat(isExplained(first, second)).as(value).isTrue();
        }
        holds("c0.s0", "a2");
        assertThat(isExplained(first, second)).isFalse();
    }

    @Test
    void stepsOnDifferentKeysMayLastIndependently() {
        holds("c0.s1", "b");
        assertThat(
                        isExplained(
                                Step.command("SET", "c0.s0", "a"),
                                Step.command("SET", "c0.s1", "b")))
                .isTrue();
    }

    @Test
    void valueGoesAtItsEndAndNotBefore() {
        acknowledge("SET", "c0.t0", "a", "PX", "100");
        looked = SENT + 99;
        assertThat(isExplained()).isFalse();
        looked = SENT + 100;
        assertThat(isExplained()).isTrue();
        holds("c0.t0", "a", SETTLED + 100);
        assertThat(isExplained()).isTrue();
        looked = SETTLED + 101;
        assertThat(isExplained()).isFalse();
    }

    @Test
    void endThatWasTakenAwayMustNotComeBack() {
        acknowledge("SET", "c0.t0", "a", "PX", "100");
        acknowledge("SET", "c0.t0", "b");
        looked = SETTLED + 1_000;
        assertThat(isExplained()).isFalse();
        holds("c0.t0", "b", SETTLED + 100);
        assertThat(isExplained()).isFalse();
        holds("c0.t0", "b");
        assertThat(isExplained()).isTrue();
    }
}
