package io.nodedb.simulator;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What the clients share: keys, values that are written once, what they know of each other's
 * values, and where they report. Plain keys are {@code k…}, counters {@code c…} (only ever
 * incremented), keys that expire {@code t…}.
 */
final class Workload {
    private static final int COUNTERS = 3;
    private static final int TIMED_KEYS = 3;
    private static final int GUESSES = 4;

    private final int keys;
    private final CommittedHistory history;
    private final Acknowledgements acknowledgements;
    private final Map<String, List<String>> guesses = new HashMap<>();
    private long numbers;

    Workload(int keys, CommittedHistory history, Acknowledgements acknowledgements) {
        this.keys = keys;
        this.history = history;
        this.acknowledgements = acknowledgements;
    }

    CommittedHistory history() {
        return history;
    }

    Acknowledgements acknowledgements() {
        return acknowledgements;
    }

    long nextNumber() {
        return ++numbers;
    }

    String collection(SplittableRandom random) {
        return random.nextInt(3) == 0 ? SimulatedLife.DOCUMENTS : keyValue(random);
    }

    /** One whose values count and expire. */
    String keyValue(SplittableRandom random) {
        return random.nextBoolean() ? SimulatedLife.SYNC : SimulatedLife.ASYNC;
    }

    String key(SplittableRandom random) {
        return "k" + random.nextInt(keys);
    }

    String counterKey(SplittableRandom random) {
        return "c" + random.nextInt(COUNTERS);
    }

    String timedKey(SplittableRandom random) {
        return "t" + random.nextInt(TIMED_KEYS);
    }

    String value(SplittableRandom random) {
        return Values.unique(nextNumber(), random);
    }

    /** Some client has seen or written a value: others may expect it. */
    void saw(ClientOperation operation) {
        String value = operation.applied ? operation.written : operation.result;
        if (value != null) {
            saw(operation.key, value);
        }
    }

    void saw(String key, @Nullable String value) {
        if (value == null) {
            return;
        }
        List<String> known = guesses.computeIfAbsent(key, k -> new ArrayList<>());
        known.add(value);
        if (known.size() > GUESSES) {
            known.removeFirst();
        }
    }

    /** A value that the key may have now. */
    String guess(String key, SplittableRandom random) {
        List<String> known = guesses.get(key);
        return known == null
                ? "never written"
                : known.get(known.size() - 1 - random.nextInt(known.size()) / 2);
    }
}
