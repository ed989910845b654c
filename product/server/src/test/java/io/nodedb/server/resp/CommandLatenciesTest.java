package io.nodedb.server.resp;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.nodedb.base.metrics.Histogram;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.plan.kv.command.Command;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.junit.jupiter.api.Test;

class CommandLatenciesTest {
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int TURNS = 20_000;

    /** The first rounds run interpreted; compilation replaces them at some point. */
    private static final int ROUNDS = 15;

    private final CommandLatencies latencies = new CommandLatencies();

    @Test
    void everyCommandBelongsToTheFamilyOfItsType() {
        assertThat(
                        List.of(
                                LatencyFamily.of(Command.GET),
                                LatencyFamily.of(Command.LCS),
                                LatencyFamily.of(Command.BITFIELD_RO),
                                LatencyFamily.of(Command.SORT_RO),
                                LatencyFamily.of(Command.HPERSIST),
                                LatencyFamily.of(Command.SSCAN),
                                LatencyFamily.of(Command.LMPOP),
                                LatencyFamily.of(Command.ZDIFFSTORE)))
                .containsExactly(
                        LatencyFamily.STRING,
                        LatencyFamily.STRING,
                        LatencyFamily.BIT,
                        LatencyFamily.KEY,
                        LatencyFamily.HASH,
                        LatencyFamily.SET,
                        LatencyFamily.LIST,
                        LatencyFamily.ZSET);
        for (Command command : Command.values()) {
            assertThat(LatencyFamily.of(command)).isNotEqualTo(LatencyFamily.TRANSACTION);
        }
    }

    @Test
    void timeIsRecordedInItsFamilyOnly() {
        MetricRegistry registry = new MetricRegistry();
        latencies.register(registry, 7);
        latencies.record(LatencyFamily.LIST, 5_000);
        for (MetricRegistry.Entry entry : registry.entries()) {
            Histogram.Snapshot times = ((Histogram) entry.metric()).snapshot();
            assertThat(times.sum())
                    .isEqualTo(entry.labels().get("family").equals("list") ? 5_000 : 0);
            assertThat(entry.labels()).containsEntry("lane", "7");
        }
        assertThat(registry.entries()).hasSize(LatencyFamily.values().length);
    }

    @Test
    void recordingAllocatesNothing() {
        Command[] commands = Command.values();
        long least = Long.MAX_VALUE;
        for (int round = 0; round < ROUNDS && least > 0; round++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < TURNS; i++) {
                latencies.record(LatencyFamily.of(commands[i % commands.length]), i * 1_000L);
            }
            least = Math.min(least, THREADS.getCurrentThreadAllocatedBytes() - before);
        }
        assertThat(least).isZero();
    }
}
