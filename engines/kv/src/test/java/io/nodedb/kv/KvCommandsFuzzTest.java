package io.nodedb.kv;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Random commands on few keys against a naive model, while batches become durable later, time goes
 * on, and the process dies.
 */
class KvCommandsFuzzTest {
    @Test
    void commandsDoWhatTheModelDoes() {
        SeededRuns.of(LongForm.of("kv-commands-fuzz"))
                .run(20, 2_000, random -> new Run(random).run());
    }

    private static final class Run extends CommandFixture {
        private static final String[] KEYS = {"a", "b", "c", "d", "long key " + "k".repeat(300)};

        private final SplittableRandom random;
        private CommandModel model = new CommandModel();

        /** What is durable, then what it is after each pending batch. */
        private final ArrayDeque<CommandModel> states = new ArrayDeque<>();

        Run(SplittableRandom random) {
            this.random = random;
        }

        void run() {
            states.add(new CommandModel());
            for (int step = 0; step < 400; step++) {
                switch (random.nextInt(20)) {
                    case 0 -> core.nowMillis += random.nextInt(300);
                    case 1, 2, 3 -> acknowledge();
                    case 4 -> {
                        if (random.nextInt(8) == 0) {
                            crash();
                        }
                    }
                    default -> command();
                }
            }
            governorIsGivenBack();
        }

        private void command() {
            List<String> words = draw();
            model.nowMillis = core.nowMillis;
            String expected = model.run(words);
            int batches = core.pendingBatches();
            assertThat(executeOnly(words)).as("%s", words).isEqualTo(expected);
            if (core.pendingBatches() > batches) {
                states.add(new CommandModel(model));
            }
        }

        private String executeOnly(List<String> words) {
            return execute(0, words);
        }

        private void acknowledge() {
            if (core.pendingBatches() > 0) {
                core.acknowledge();
                states.removeFirst();
            }
        }

        private void crash() {
            core.crash();
            model = new CommandModel(states.getFirst());
            states.clear();
            states.add(new CommandModel(model));
        }

        private void governorIsGivenBack() {
            core.engine.close();
            while (governor.reclaimer().step()) {
                // more
            }
            assertThat(governor.used()).isZero();
        }

        private String key() {
            return KEYS[random.nextInt(KEYS.length)];
        }

        private String value() {
            int length = random.nextInt(8) == 0 ? random.nextInt(2_000) : random.nextInt(6);
            StringBuilder value = new StringBuilder();
            for (int i = 0; i < length; i++) {
                value.append((char) random.nextInt(256));
            }
            return random.nextInt(3) == 0 ? Long.toString(random.nextLong() >> 40) : value + "";
        }

        private String time() {
            return Long.toString(core.nowMillis + random.nextInt(600) - 50);
        }

        private List<String> draw() {
            List<String> words = new ArrayList<>();
            switch (random.nextInt(19)) {
                case 0, 1 -> set(words);
                case 2 -> words.addAll(List.of("GET", key()));
                case 3 -> words.addAll(List.of("APPEND", key(), value() + "x"));
                case 4 -> words.addAll(List.of(random.nextInt(3) == 0 ? "GETDEL" : "GET", key()));
                case 5 -> words.addAll(List.of("GETRANGE", key(), place() + "", place() + ""));
                case 6 ->
                        words.addAll(List.of("SETRANGE", key(), random.nextInt(40) + "", value()));
                case 7 -> words.addAll(List.of("INCRBY", key(), random.nextLong() / 3 + ""));
                case 8 -> pairs(words);
                case 9 -> keys(words, "MGET");
                case 10 -> keys(words, "DEL");
                case 11 -> keys(words, "EXISTS");
                case 12 -> words.addAll(List.of("RENAME", key(), key()));
                case 13 -> {
                    words.addAll(List.of("COPY", key(), key()));
                    if (random.nextBoolean()) {
                        words.add("REPLACE");
                    }
                }
                case 14 -> {
                    words.addAll(List.of("PEXPIREAT", key(), time()));
                    if (random.nextBoolean()) {
                        words.add(List.of("NX", "XX", "GT", "LT").get(random.nextInt(4)));
                    }
                }
                case 15 -> words.addAll(List.of("PEXPIRETIME", key()));
                case 16 -> words.addAll(List.of("PERSIST", key()));
                case 17 -> {
                    boolean counts = random.nextInt(3) == 0;
                    words.addAll(List.of(counts ? "BITCOUNT" : "SETBIT", key()));
                    if (!counts) {
                        words.addAll(List.of(random.nextInt(200) + "", random.nextInt(2) + ""));
                    }
                }
                default -> {
                    words.addAll(List.of("BITOP", "XOR", key(), key()));
                    if (random.nextBoolean()) {
                        words.add(key());
                    }
                }
            }
            return words;
        }

        private int place() {
            return random.nextInt(20) - 10;
        }

        private void set(List<String> words) {
            words.addAll(List.of("SET", key(), value()));
            if (random.nextInt(3) == 0) {
                words.addAll(List.of("PXAT", time()));
            } else if (random.nextInt(3) == 0) {
                words.add("KEEPTTL");
            }
            if (random.nextInt(3) == 0) {
                words.add(random.nextBoolean() ? "NX" : "XX");
            }
            if (random.nextInt(3) == 0) {
                words.add("GET");
            }
        }

        private void pairs(List<String> words) {
            words.add(random.nextInt(3) == 0 ? "MSETNX" : "MSET");
            for (int i = random.nextInt(4); i >= 0; i--) {
                words.addAll(List.of(key(), value()));
            }
        }

        private void keys(List<String> words, String command) {
            words.add(command);
            for (int i = random.nextInt(4); i >= 0; i--) {
                words.add(key());
            }
        }
    }
}
