package io.nodedb.isolation;

import io.nodedb.isolation.Anomaly.Kind;
import io.nodedb.isolation.RecordedTransaction.Outcome;
import io.nodedb.isolation.RecordedTransaction.Read;
import io.nodedb.isolation.RecordedTransaction.Write;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Finds the anomalies of a history. Single reads are checked one by one; everything else is a cycle
 * among dependencies: <em>ww</em> (B replaced A's version), <em>wr</em> (B read it), <em>rw</em> (B
 * replaced what A read) and the order of each client's own transactions.
 *
 * <pre>
 *   a history is one of snapshot isolation  ⇔  (client order ∪ wr ∪ ww) ; rw?  has no cycle
 * </pre>
 *
 * A cycle of that relation has no two rw edges in a row; a cycle with two is write skew.
 */
public final class IsolationChecker {
    private final History history;
    private final List<RecordedTransaction> committed = new ArrayList<>();
    private final List<Anomaly> anomalies = new ArrayList<>();

    /** Writer of each value, by key and value; only who may have committed. */
    private final Map<String, Integer> writers = new HashMap<>();

    private DependencyGraph graph = new DependencyGraph(0);

    private IsolationChecker(History history) {
        this.history = history;
    }

    /** Every anomaly found, those that snapshot isolation allows among them. */
    public static List<Anomaly> check(History history) {
        return new IsolationChecker(history).run();
    }

    /** What snapshot isolation forbids. */
    public static List<Anomaly> violations(History history) {
        return check(history).stream()
                .filter(anomaly -> !anomaly.isAllowedBySnapshotIsolation())
                .toList();
    }

    private List<Anomaly> run() {
        chooseCommitted();
        for (RecordedTransaction transaction : history.transactions()) {
            if (transaction.outcome() != Outcome.ABORTED) {
                checkOwnReads(transaction);
            }
        }
        for (RecordedTransaction transaction : committed) {
            checkForeignReads(transaction);
        }
        if (anomalies.isEmpty()) {
            buildGraph();
            findCycles();
        }
        return anomalies;
    }

    /** Who has an unknown outcome committed when one of its values is among the versions. */
    private void chooseCommitted() {
        for (RecordedTransaction transaction : history.transactions()) {
            boolean commits =
                    switch (transaction.outcome()) {
                        case COMMITTED -> true;
                        case ABORTED -> false;
                        case UNKNOWN ->
                                transaction.finalWrites().entrySet().stream()
                                        .anyMatch(write ->
                                                history.versions(write.getKey())
                                                        .contains(write.getValue()));
                    };
            if (commits) {
                int number = committed.size();
                committed.add(transaction);
                transaction
                        .finalWrites()
                        .forEach((key, value) -> writers.put(key + "=" + value, number));
                requireVersions(transaction);
            }
        }
    }

    private void requireVersions(RecordedTransaction transaction) {
        transaction
                .finalWrites()
                .forEach((key, value) -> {
                    if (!history.versions(key).contains(value)) {
                        add(Kind.MISSING_WRITE, List.of(transaction), key + "=" + value);
                    }
                });
    }

    private void checkOwnReads(RecordedTransaction transaction) {
        Map<String, String> own = new HashMap<>();
        Map<String, @Nullable String> seen = new HashMap<>();
        for (RecordedTransaction.Step step : transaction.steps()) {
            switch (step) {
                case Write write -> own.put(write.key(), write.value());
                case Read read -> {
                    String key = read.key();
                    if (own.containsKey(key)) {
                        if (!Objects.equals(own.get(key), read.value())) {
                            add(Kind.OWN_WRITE_NOT_READ, List.of(transaction), key);
                        }
                    } else if (seen.containsKey(key)
                            && !Objects.equals(seen.get(key), read.value())) {
                        add(Kind.UNREPEATABLE_READ, List.of(transaction), key);
                    }
                    if (!own.containsKey(key)) {
                        seen.putIfAbsent(key, read.value());
                    }
                }
            }
        }
    }

    private void checkForeignReads(RecordedTransaction transaction) {
        transaction
                .externalReads()
                .forEach((key, value) -> {
                    if (value != null && !writers.containsKey(key + "=" + value)) {
                        explainForeignRead(transaction, key, value);
                    }
                });
    }

    private void explainForeignRead(RecordedTransaction reader, String key, String value) {
        for (RecordedTransaction writer : history.transactions()) {
            if (writer.steps().contains(new Write(key, value))) {
                boolean replaced = !value.equals(writer.finalWrites().get(key));
                boolean rolledBack = !committed.contains(writer);
                add(
                        replaced && !rolledBack ? Kind.INTERMEDIATE_READ : Kind.ABORTED_READ,
                        List.of(reader, writer),
                        key + "=" + value);
                return;
            }
        }
        if (!history.versions(key).contains(value)) {
            add(Kind.GARBAGE_READ, List.of(reader), key + "=" + value);
        }
    }

    private void buildGraph() {
        graph = new DependencyGraph(committed.size());
        for (String key : history.keys()) {
            List<String> versions = history.versions(key);
            for (int i = 1; i < versions.size(); i++) {
                Integer before = writers.get(key + "=" + versions.get(i - 1));
                Integer after = writers.get(key + "=" + versions.get(i));
                if (before != null && after != null) {
                    graph.depends(before, after);
                }
            }
        }
        Map<String, Integer> lastOfClient = new HashMap<>();
        for (int reader = 0; reader < committed.size(); reader++) {
            Integer earlier = lastOfClient.put(committed.get(reader).client(), reader);
            if (earlier != null) {
                graph.depends(earlier, reader);
            }
            addReads(reader);
        }
    }

    private void addReads(int reader) {
        committed
                .get(reader)
                .externalReads()
                .forEach((key, value) -> {
                    List<String> versions = history.versions(key);
                    int place = value == null ? -1 : versions.indexOf(value);
                    Integer writer = value == null ? null : writers.get(key + "=" + value);
                    if (writer != null) {
                        graph.depends(writer, reader);
                    }
                    if (place + 1 < versions.size()) {
                        Integer replacer = writers.get(key + "=" + versions.get(place + 1));
                        if (replacer != null && replacer != reader) {
                            graph.overwrites(reader, replacer);
                        }
                    }
                });
    }

    private void findCycles() {
        List<Integer> circle = graph.cycleOfDependencies();
        if (!circle.isEmpty()) {
            add(Kind.CIRCULAR_INFORMATION_FLOW, transactions(circle), "ww and wr in a circle");
            return;
        }
        circle = graph.cycleForbiddenBySnapshotIsolation();
        if (!circle.isEmpty()) {
            add(kindOf(circle), transactions(circle), "a circle with one rw between others");
            return;
        }
        circle = graph.anyCycle();
        if (!circle.isEmpty()) {
            add(Kind.WRITE_SKEW, transactions(circle), "a circle with two rw in a row");
        }
    }

    /** Two that read the same version of a key which both wrote: one update is lost. */
    private Kind kindOf(List<Integer> circle) {
        for (int one : circle) {
            for (int other : circle) {
                if (one < other
                        && bothReplaceWhatBothRead(committed.get(one), committed.get(other))) {
                    return Kind.LOST_UPDATE;
                }
            }
        }
        return Kind.READ_SKEW;
    }

    private static boolean bothReplaceWhatBothRead(
            RecordedTransaction one, RecordedTransaction other) {
        Map<String, @Nullable String> readByOther = other.externalReads();
        for (Map.Entry<String, @Nullable String> read : one.externalReads().entrySet()) {
            String key = read.getKey();
            if (readByOther.containsKey(key)
                    && Objects.equals(read.getValue(), readByOther.get(key))
                    && one.finalWrites().containsKey(key)
                    && other.finalWrites().containsKey(key)) {
                return true;
            }
        }
        return false;
    }

    private List<RecordedTransaction> transactions(List<Integer> numbers) {
        return numbers.stream().distinct().map(committed::get).toList();
    }

    private void add(Kind kind, List<RecordedTransaction> participants, String what) {
        anomalies.add(new Anomaly(kind, participants, what));
    }
}
