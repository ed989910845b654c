package io.nodedb.bench.resp;

import java.io.IOException;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a server must contain, and the passes that compare. Every load of SETs writes a value of its
 * own, so that a key must hold the value of some load, and as many keys that of the last one as its
 * number of requests makes expect; the counters' sum must be the number of all INCRs. One thread.
 */
final class ServerContents {
    private static final int BATCH = 500;

    /** So many of the keys that a load's SETs must have reached are enough: it picks at random. */
    private static final double REACHED_SHARE = 0.9;

    private static final long SEED_STEP = 0x9E37_79B9_7F4A_7C15L;
    private static final int LETTERS = 26;

    private final RespClient client;
    private final long keys;

    /** By value, the number of the load that wrote it; 0 is the filling. */
    private final Map<String, Integer> loadOfValue = new LinkedHashMap<>();

    private int loads;
    private long expectedReached;
    private long increments;

    ServerContents(RespClient client, long keys) {
        this.client = client;
        this.keys = keys;
    }

    static String key(long number) {
        return String.format("key:%012d", number);
    }

    static String counter(long number) {
        return String.format("counter:%012d", number);
    }

    /** Printable, without a pattern, another one for every load. */
    private static String value(int load) {
        byte[] letters = new byte[RespWork.VALUE_BYTES];
        long word = (load + 1) * SEED_STEP;
        for (int i = 0; i < letters.length; i++) {
            word = word * 6_364_136_223_846_793_005L + SEED_STEP;
            letters[i] = (byte) ('a' + (word >>> Integer.SIZE) % LETTERS);
        }
        return new String(letters, java.nio.charset.StandardCharsets.US_ASCII);
    }

    /** Stores all keys. */
    void fill() throws IOException {
        String value = value(0);
        loadOfValue.put(value, 0);
        for (long from = 0; from < keys; from += BATCH) {
            long end = Math.min(keys, from + BATCH);
            for (long number = from; number < end; number++) {
                client.send("SET", key(number), value);
            }
            for (long number = from; number < end; number++) {
                if (!client.answer().equals("OK")) {
                    throw new IOException("SET was not answered with OK");
                }
            }
        }
        expectedReached = keys;
    }

    /** The value that the next load of {@code requests} SETs of random keys writes. */
    String nextValue(long requests) {
        String value = value(++loads);
        loadOfValue.put(value, loads);
        double missed = Math.exp(-(double) requests / keys);
        expectedReached = (long) (keys * (1 - missed) * REACHED_SHARE);
        return value;
    }

    /** A load of INCRs of random counters was answered. */
    void incremented(long requests) {
        increments += requests;
    }

    /** Reads everything back. The number of keys whose value is wrong or lost, and of INCRs. */
    long countWrong() throws IOException {
        return wrongValues() + wrongSum();
    }

    private long wrongValues() throws IOException {
        long[] keysOfLoad = new long[loads + 1];
        long wrong = 0;
        for (long from = 0; from < keys; from += BATCH) {
            long end = Math.min(keys, from + BATCH);
            for (long number = from; number < end; number++) {
                client.send("GET", key(number));
            }
            for (long number = from; number < end; number++) {
                Integer load = loadOfValue.get(client.answer());
                if (load == null) {
                    wrong++;
                } else {
                    keysOfLoad[load]++;
                }
            }
        }
        long held = Arrays.stream(keysOfLoad).sum();
        if (held + wrong != keys) {
            throw new IllegalStateException("keys=" + keys + " read=" + (held + wrong));
        }
        return wrong + Math.max(0, expectedReached - keysOfLoad[loads]);
    }

    private long wrongSum() throws IOException {
        long sum = 0;
        for (long from = 0; from < keys; from += BATCH) {
            long end = Math.min(keys, from + BATCH);
            for (long number = from; number < end; number++) {
                client.send("GET", counter(number));
            }
            for (long number = from; number < end; number++) {
                String count = client.answer();
                sum += count.equals(RespClient.NOTHING) ? 0 : Long.parseLong(count);
            }
        }
        return Math.abs(sum - increments);
    }

    /** Errors that the server has answered with since its start. */
    long errors() throws IOException {
        String name = "total_error_replies:";
        return client.ask("INFO", "stats")
                .lines()
                .filter(line -> line.startsWith(name))
                .mapToLong(line -> Long.parseLong(line.substring(name.length()).strip()))
                .sum();
    }
}
