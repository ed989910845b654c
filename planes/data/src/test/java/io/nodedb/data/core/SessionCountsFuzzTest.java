package io.nodedb.data.core;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.testkit.LongForm;
import io.nodedb.testkit.SeededRuns;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SessionCountsFuzzTest {
    @Test
    void countsAsAMapDoes() {
        SeededRuns.of(LongForm.of("session-counts-fuzz"))
                .run(
                        50,
                        5_000,
                        random -> {
                            SessionCounts counts = new SessionCounts();
                            Map<Long, Integer> model = new HashMap<>();
                            int sessions = 1 + random.nextInt(300);
                            for (int i = 0; i < 2_000; i++) {
                                long session = random.nextInt(sessions) * 64L;
                                int of = model.getOrDefault(session, 0);
                                assertThat(counts.of(session)).isEqualTo(of);
                                if (random.nextInt(500) == 0) {
                                    counts.clear();
                                    model.clear();
                                } else if (of > 0 && random.nextBoolean()) {
                                    counts.remove(session);
                                    model.put(session, of - 1);
                                } else {
                                    counts.add(session);
                                    // Session 0 means that order does not matter.
                                    model.put(session, session == 0 ? 0 : of + 1);
                                }
                            }
                            boolean none = model.values().stream().allMatch(count -> count == 0);
                            assertThat(counts.isEmpty()).isEqualTo(none);
                        });
    }
}
