package io.nodedb.isolation;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.isolation.Anomaly.Kind;
import io.nodedb.isolation.RecordedTransaction.Outcome;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The checker finds each anomaly in a history made by hand, and nothing in a sound one. */
class IsolationCheckerTest {
    private final History history = new History();

    private static RecordedTransaction by(String client) {
        return new RecordedTransaction(client);
    }

    private List<Kind> kinds() {
        return IsolationChecker.check(history).stream().map(Anomaly::kind).toList();
    }

    @Test
    void serialHistoryHasNoAnomaly() {
        history.version("x", "x1").version("x", "x2").version("y", "y1");
        history.add(by("a").read("x", null).write("x", "x1").read("x", "x1").committed());
        history.add(by("b").read("x", "x1").write("x", "x2").write("y", "y1").committed());
        history.add(by("c").read("x", "x2").read("y", "y1").committed());
        assertThat(kinds()).isEmpty();
    }

    @Test
    void readOfAnOlderSnapshotIsNoAnomaly() {
        history.version("x", "x1").version("y", "y1");
        history.add(by("a").write("x", "x1").write("y", "y1").committed());
        history.add(by("b").read("x", null).read("y", null).committed());
        assertThat(kinds()).isEmpty();
    }

    @Test
    void readOfWhatWasRolledBackIsFound() {
        history.add(by("a").write("x", "x1").aborted());
        history.add(by("b").read("x", "x1").committed());
        assertThat(kinds()).containsExactly(Kind.ABORTED_READ);
    }

    @Test
    void readOfWhatNobodyWroteIsFound() {
        history.add(by("b").read("x", "x9").committed());
        assertThat(kinds()).containsExactly(Kind.GARBAGE_READ);
    }

    @Test
    void readOfAnIntermediateValueIsFound() {
        history.version("x", "x2");
        history.add(by("a").write("x", "x1").write("x", "x2").committed());
        history.add(by("b").read("x", "x1").committed());
        assertThat(kinds()).containsExactly(Kind.INTERMEDIATE_READ);
    }

    @Test
    void ownWriteThatIsNotReadIsFound() {
        history.version("x", "x1");
        history.add(by("a").write("x", "x1").read("x", null).committed());
        assertThat(kinds()).containsExactly(Kind.OWN_WRITE_NOT_READ);
    }

    @Test
    void keyThatChangesInsideATransactionIsFound() {
        history.version("x", "x1");
        history.add(by("a").write("x", "x1").committed());
        history.add(by("b").read("x", null).read("x", "x1").committed());
        assertThat(kinds()).containsExactly(Kind.UNREPEATABLE_READ);
    }

    @Test
    void committedWriteThatIsNowhereIsFound() {
        history.add(by("a").write("x", "x1").committed());
        assertThat(kinds()).containsExactly(Kind.MISSING_WRITE);
    }

    @Test
    void halfOfATransactionOfUnknownOutcomeIsFound() {
        history.version("x", "x1");
        history.add(by("a").write("x", "x1").write("y", "y1").end(Outcome.UNKNOWN));
        assertThat(kinds()).containsExactly(Kind.MISSING_WRITE);
    }

    @Test
    void transactionOfUnknownOutcomeThatIsNotThereIsNoAnomaly() {
        history.add(by("a").write("x", "x1").write("y", "y1").end(Outcome.UNKNOWN));
        assertThat(kinds()).isEmpty();
    }

    @Test
    void lostUpdateIsFound() {
        history.version("x", "x1").version("x", "x2");
        history.add(by("a").read("x", null).write("x", "x1").committed());
        history.add(by("b").read("x", null).write("x", "x2").committed());
        assertThat(kinds()).containsExactly(Kind.LOST_UPDATE);
    }

    @Test
    void readSkewIsFound() {
        history.version("x", "x1").version("y", "y1");
        history.add(by("a").write("x", "x1").write("y", "y1").committed());
        history.add(by("b").read("x", null).read("y", "y1").committed());
        assertThat(kinds()).containsExactly(Kind.READ_SKEW);
    }

    @Test
    void circleOfReadsIsFound() {
        history.version("x", "x1").version("y", "y1");
        history.add(by("a").write("x", "x1").read("y", "y1").committed());
        history.add(by("b").write("y", "y1").read("x", "x1").committed());
        assertThat(kinds()).containsExactly(Kind.CIRCULAR_INFORMATION_FLOW);
    }

    @Test
    void circleOfWritesIsFound() {
        history.version("x", "x1").version("x", "x2").version("y", "y2").version("y", "y1");
        history.add(by("a").write("x", "x1").write("y", "y1").committed());
        history.add(by("b").write("x", "x2").write("y", "y2").committed());
        assertThat(kinds()).containsExactly(Kind.CIRCULAR_INFORMATION_FLOW);
    }

    @Test
    void clientThatDoesNotSeeItsOwnCommitIsFound() {
        history.version("x", "x1");
        history.add(by("a").write("x", "x1").committed());
        history.add(by("a").read("x", null).committed());
        assertThat(kinds()).containsExactly(Kind.READ_SKEW);
    }

    @Test
    void longForkIsFound() {
        history.version("x", "x1").version("y", "y1");
        history.add(by("a").write("x", "x1").committed());
        history.add(by("b").write("y", "y1").committed());
        history.add(by("c").read("x", "x1").read("y", null).committed());
        history.add(by("d").read("x", null).read("y", "y1").committed());
        assertThat(IsolationChecker.violations(history)).hasSize(1);
    }

    @Test
    void writeSkewIsToldAndAllowed() {
        history.version("x", "x1").version("y", "y1");
        history.add(by("a").read("x", null).read("y", null).write("x", "x1").committed());
        history.add(by("b").read("x", null).read("y", null).write("y", "y1").committed());
        assertThat(kinds()).containsExactly(Kind.WRITE_SKEW);
        assertThat(IsolationChecker.violations(history)).isEmpty();
    }
}
