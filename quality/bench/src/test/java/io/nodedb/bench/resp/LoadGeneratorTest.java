package io.nodedb.bench.resp;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.bench.resp.LoadGenerator.Load;
import org.junit.jupiter.api.Test;

class LoadGeneratorTest {
    private static final String HEADER =
            """
            "test","rps","avg_latency_ms","min_latency_ms","p50_latency_ms","p95_latency_ms",\
            "p99_latency_ms","max_latency_ms"
            """;

    @Test
    void rateAndLatenciesAreThoseOfTheRow() {
        String row =
                """
                "SET key:__rand_int__ abc","780487.81","0.794","0.160","0.423","2.599","4.447","4.6"
                """;
        assertThat(LoadGenerator.parse(HEADER + row))
                .isEqualTo(new Load(780_487.81, 423, 4_447, ""));
    }

    @Test
    void outputWithoutARowIsAFailureThatSaysWhy() {
        String said = "Error from server: ERR no\n";
        assertThat(LoadGenerator.parse(said).failed()).isTrue();
        assertThat(LoadGenerator.parse(said).complaint()).contains("ERR no");
        assertThat(LoadGenerator.parse(HEADER).failed()).isTrue();
    }
}
