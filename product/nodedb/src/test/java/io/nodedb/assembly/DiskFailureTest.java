package io.nodedb.assembly;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.Document;
import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.simulator.disk.DiskCall;
import io.nodedb.simulator.disk.FaultyDisk;
import io.nodedb.simulator.disk.SimulatedDisk;
import io.nodedb.testkit.VirtualTime;
import java.io.IOException;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fails the n-th call of the disk, for every kind and every n, of a short life of a whole database:
 * created, written to, checkpointed, stopped by a loss of power. What fails answers with an error,
 * and what was acknowledged is there afterwards.
 */
@Timeout(300)
class DiskFailureTest {
    /** A checkpoint comes about in a run of this length. */
    private static final long CHECKPOINT_MILLIS = 60;

    private static final String[] SETTINGS = {"checkpoint_interval", "50ms"};

    private final VirtualTime time = new VirtualTime();
    private final Set<String> keys = new LinkedHashSet<>();
    private final Set<String> documents = new LinkedHashSet<>();

    @ParameterizedTest
    @EnumSource(DiskCall.class)
    void everyFailedCallIsAnErrorOrNothingAndNoAcknowledgedWriteIsLost(DiskCall kind)
            throws IOException {
        boolean reached = true;
        for (int n = 1; reached; n++) {
            keys.clear();
            documents.clear();
            SimulatedDisk disk = new SimulatedDisk(n, new io.nodedb.simulator.time.VirtualTime());
            FaultyDisk faulty = new FaultyDisk(disk);
            faulty.failNth(EnumSet.of(kind), n, IOException::new);
            SteppedDatabase lived = live(disk, faulty);
            reached = faulty.faults() > 0;
            disk.losePower();
            if (lived != null) {
                bury(lived);
            }
            assertNothingLost(disk, kind + " " + n);
        }
    }

    /** Null when it could not be opened. */
    private @Nullable SteppedDatabase live(SimulatedDisk disk, FaultyDisk faulty) {
        SteppedDatabase stepped;
        try {
            stepped = new SteppedDatabase(disk, faulty, time, SETTINGS);
        } catch (NodeDbException refused) {
            assertIsOfTheDisk(refused);
            return null;
        }
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 4; i++) {
                String name = round + "-" + i;
                attempt(keys, name, () -> stepped.db.kv("c").put(name, "v" + name));
                attempt(
                        documents,
                        name,
                        () ->
                                stepped.db
                                        .documents("d")
                                        .insert(name, Document.empty().with("n", name)));
            }
            stepped.run(CHECKPOINT_MILLIS);
        }
        for (String name : keys) {
            read(() -> stepped.db.kv("c").get(name), "v" + name);
        }
        return stepped;
    }

    /** Frees its memory; its files are gone with the power. */
    private static void bury(SteppedDatabase lived) {
        try {
            lived.close();
        } catch (NodeDbException gone) {
            assertThat(gone.code()).isEqualTo(ErrorCode.STORAGE_FAILED);
        }
    }

    private static void attempt(Set<String> acknowledged, String name, Runnable write) {
        try {
            write.run();
            acknowledged.add(name);
        } catch (NodeDbException refused) {
            assertIsOfTheDisk(refused);
        }
    }

    private static void read(Supplier<@Nullable String> value, String expected) {
        try {
            assertThat(value.get()).isEqualTo(expected);
        } catch (NodeDbException refused) {
            assertIsOfTheDisk(refused);
        }
    }

    /** Neither a bug nor a hang. */
    private static void assertIsOfTheDisk(NodeDbException refused) {
        assertThat(refused.code())
                .as(refused.toString())
                .isNotIn(ErrorCode.INTERNAL, ErrorCode.DEADLINE_EXCEEDED, ErrorCode.DATA_CORRUPTED);
    }

    private void assertNothingLost(SimulatedDisk disk, String fault) {
        try (SteppedDatabase again = new SteppedDatabase(disk, time, SETTINGS)) {
            for (String name : keys) {
                assertThat(again.db.kv("c").get(name)).as(fault).isEqualTo("v" + name);
            }
            for (String name : documents) {
                assertThat(again.db.documents("d").get(name))
                        .as(fault)
                        .isEqualTo(Document.empty().with("n", name));
            }
            again.db.kv("c").put("after", "1");
            assertThat(again.db.kv("c").get("after").getBytes(UTF_8)).hasSize(1);
        }
    }
}
