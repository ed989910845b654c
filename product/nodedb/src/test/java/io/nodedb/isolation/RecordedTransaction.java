package io.nodedb.isolation;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What one transaction did, in order. Every value is written once in a history, so a read tells
 * whose write it saw; null is what every key holds before the first write.
 */
public final class RecordedTransaction {
    /** How it ended, as far as its client was told. */
    public enum Outcome {
        COMMITTED,
        ABORTED,
        UNKNOWN
    }

    sealed interface Step {
        String key();
    }

    record Read(String key, @Nullable String value) implements Step {}

    record Write(String key, String value) implements Step {}

    private final String client;
    private final List<Step> steps = new ArrayList<>();
    private Outcome outcome = Outcome.UNKNOWN;

    /** {@code client}: whose transactions follow each other in the order of the history. */
    public RecordedTransaction(String client) {
        this.client = client;
    }

    public RecordedTransaction read(String key, @Nullable String value) {
        steps.add(new Read(key, value));
        return this;
    }

    public RecordedTransaction write(String key, String value) {
        steps.add(new Write(key, value));
        return this;
    }

    public RecordedTransaction end(Outcome how) {
        outcome = how;
        return this;
    }

    public RecordedTransaction committed() {
        return end(Outcome.COMMITTED);
    }

    public RecordedTransaction aborted() {
        return end(Outcome.ABORTED);
    }

    String client() {
        return client;
    }

    List<Step> steps() {
        return steps;
    }

    Outcome outcome() {
        return outcome;
    }

    /** The last write to each key. */
    Map<String, String> finalWrites() {
        Map<String, String> last = new LinkedHashMap<>();
        for (Step step : steps) {
            if (step instanceof Write write) {
                last.put(write.key(), write.value());
            }
        }
        return last;
    }

    /** What it saw of others: reads of keys that it had not written before. */
    Map<String, @Nullable String> externalReads() {
        Map<String, @Nullable String> seen = new LinkedHashMap<>();
        Map<String, String> own = new LinkedHashMap<>();
        for (Step step : steps) {
            switch (step) {
                case Read read -> {
                    if (!own.containsKey(read.key())) {
                        seen.putIfAbsent(read.key(), read.value());
                    }
                }
                case Write write -> own.put(write.key(), write.value());
            }
        }
        return seen;
    }

    @Override
    public String toString() {
        return client + steps + outcome;
    }
}
