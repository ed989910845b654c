package io.nodedb.server.resp.differential;

import io.nodedb.server.resp.probe.Words;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** Draws steps of clients that wait on a few keys, and of one that writes them. */
final class RandomWaits {
    private static final int KEYS = 6;

    private final SplittableRandom random;

    RandomWaits(SplittableRandom random) {
        this.random = random;
    }

    void step(WaitingPair pair) {
        int client = random.nextInt(WaitingPair.WAITERS);
        if (oneIn(20)) {
            List<String> words = new ArrayList<>(List.of(Integer.toString(client)));
            if (random.nextBoolean()) {
                words.add(random.nextBoolean() ? "ERROR" : "TIMEOUT");
            }
            pair.unblock(words);
        } else if (!pair.waits(client) && random.nextBoolean()) {
            pair.waitWith(client, waiting());
        } else if (oneIn(6)) {
            pair.write(Words.of("MULTI"));
            for (int i = random.nextInt(4); i >= 0; i--) {
                pair.write(oneIn(5) ? waiting() : writing());
            }
            pair.write(Words.of("EXEC"));
        } else {
            pair.write(writing());
        }
    }

    private boolean oneIn(int n) {
        return random.nextInt(n) == 0;
    }

    private String key() {
        return "k" + random.nextInt(KEYS);
    }

    private String end() {
        return random.nextBoolean() ? "LEFT" : "RIGHT";
    }

    private List<String> keys() {
        List<String> keys = new ArrayList<>();
        for (int i = random.nextInt(4); i >= 0; i--) {
            keys.add(key());
        }
        return keys;
    }

    private Words waiting() {
        List<String> words = new ArrayList<>();
        List<String> keys = keys();
        switch (random.nextInt(9)) {
            case 0, 1 -> {
                words.add("BLPOP");
                words.addAll(keys);
                words.add("0");
            }
            case 2 -> {
                words.add("BRPOP");
                words.addAll(keys);
                words.add("0");
            }
            case 3, 4 -> words.addAll(List.of("BLMOVE", key(), key(), end(), end(), "0"));
            case 5 -> words.addAll(List.of("BRPOPLPUSH", key(), key(), "0"));
            case 6 -> {
                words.addAll(List.of("BLMPOP", "0", Integer.toString(keys.size())));
                words.addAll(keys);
                words.addAll(List.of(end(), "COUNT", Integer.toString(1 + random.nextInt(3))));
            }
            case 7 -> {
                words.add(random.nextBoolean() ? "BZPOPMIN" : "BZPOPMAX");
                words.addAll(keys);
                words.add("0");
            }
            default -> {
                words.addAll(List.of("BZMPOP", "0", Integer.toString(keys.size())));
                words.addAll(keys);
                words.add(random.nextBoolean() ? "MIN" : "MAX");
            }
        }
        return new Words(words);
    }

    private Words writing() {
        String value = "v" + random.nextInt(1_000);
        return switch (random.nextInt(16)) {
            case 0, 1, 2 -> Words.of("RPUSH", key(), value);
            case 3 -> Words.of("LPUSH", key(), value, value + "b", value + "c");
            case 4, 5 ->
                    Words.of("ZADD", key(), Integer.toString(random.nextInt(5)), value, "1", "m");
            case 6, 7 -> Words.of("DEL", key());
            case 8 -> Words.of("SET", key(), value);
            case 9 -> Words.of("RENAME", key(), key());
            case 10 -> Words.of("COPY", key(), key());
            case 11 -> Words.of("LMOVE", key(), key(), end(), end());
            case 12 -> Words.of("LPOP", key());
            case 13 -> Words.of("ZPOPMIN", key());
            case 14 -> Words.of("SADD", key(), value);
            default -> Words.of("TYPE", key());
        };
    }
}
