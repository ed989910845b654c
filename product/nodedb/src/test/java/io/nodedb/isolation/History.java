package io.nodedb.isolation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Transactions, and for each key the order in which its values were committed: from a change feed,
 * or told by the test.
 */
public final class History {
    private final List<RecordedTransaction> transactions = new ArrayList<>();
    private final Map<String, List<String>> versions = new HashMap<>();

    /** Adds a transaction when it has ended; those of one client in their order. */
    public synchronized History add(RecordedTransaction transaction) {
        transactions.add(transaction);
        return this;
    }

    /** The next committed value of a key. */
    public synchronized History version(String key, String value) {
        versions.computeIfAbsent(key, k -> new ArrayList<>()).add(value);
        return this;
    }

    synchronized List<RecordedTransaction> transactions() {
        return List.copyOf(transactions);
    }

    synchronized List<String> versions(String key) {
        return List.copyOf(versions.getOrDefault(key, List.of()));
    }

    synchronized List<String> keys() {
        return versions.keySet().stream().sorted().toList();
    }
}
