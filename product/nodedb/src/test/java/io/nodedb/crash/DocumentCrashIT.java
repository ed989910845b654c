package io.nodedb.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.DocumentScan;
import io.nodedb.Documents;
import io.nodedb.Entry;
import io.nodedb.NodeDb;
import io.nodedb.Row;
import io.nodedb.Scan;
import io.nodedb.assembly.EmbeddedDatabase;
import io.nodedb.base.clock.SystemTimeSource;
import io.nodedb.base.value.Value;
import io.nodedb.control.catalog.CollectionInfo;
import io.nodedb.testkit.ForkedJvm;
import io.nodedb.testkit.LongForm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocumentCrashIT {
    private static final int SHORT_CYCLES = 10;
    private static final int LONG_CYCLES = 200;
    private static final int MOST_LINES = 6_000;
    private static final int MOST_CORES = 3;

    @TempDir Path directory;

    private final CrashModel model = new CrashModel();

    @Test
    void documentsAndKeysAreWholeWhenTheProcessIsKilled() {
        cycles(LongForm.of("document-crash"), "kill");
    }

    @Test
    void documentsAndKeysAreWholeWhenThePowerFails() {
        cycles(LongForm.of("document-power-loss"), "power");
    }

    private void cycles(LongForm form, String mode) {
        SplittableRandom random = new SplittableRandom(form.seed());
        int count = form.count(SHORT_CYCLES, LONG_CYCLES);
        for (int cycle = 0; cycle < count; cycle++) {
            try {
                liveAndDie(mode, random);
                compareTwice(random);
            } catch (AssertionError failure) {
                throw new AssertionError(
                        "cycle=" + cycle + ", begin with: " + form.replayCommand(form.seed()),
                        failure);
            }
        }
    }

    private void liveAndDie(String mode, SplittableRandom random) {
        try (ForkedJvm child =
                ForkedJvm.start(
                        DocumentCrashChild.class,
                        directory.toString(),
                        mode,
                        Long.toString(random.nextLong(1L << 40)),
                        Integer.toString(1 + random.nextInt(MOST_CORES)))) {
            int lines = 1 + random.nextInt(MOST_LINES);
            for (int i = 0; i < lines; i++) {
                String line = child.readLine();
                if (line == null) {
                    throw new AssertionError("the child ended by itself: " + child.stderr());
                }
                model.take(Line.parse(line));
            }
            child.kill();
            // What was told before the kill and not yet read counts as well.
            for (String line = child.readLine(); line != null; line = child.readLine()) {
                if (isWhole(line)) {
                    model.take(Line.parse(line));
                }
            }
        }
    }

    /** The last line may be cut by the kill; its pieces are not taken for an acknowledgement. */
    private static boolean isWhole(String line) {
        Line parsed = Line.parse(line);
        return switch (parsed.kind()) {
            case Line.BEGIN -> true;
            case Line.ACK -> parsed.words().size() == 1;
            case Line.REFUSED -> parsed.words().size() == 2;
            default -> false;
        };
    }

    /** Opened twice in this process: a start and a clean stop change nothing either. */
    private void compareTwice(SplittableRandom random) {
        for (int i = 0; i < 2; i++) {
            EmbeddedDatabase opened =
                    EmbeddedDatabase.open(
                            directory,
                            DocumentCrashSettings.settings(1 + random.nextInt(MOST_CORES)));
            try (NodeDb database = new NodeDb(opened, SystemTimeSource.INSTANCE)) {
                Map<String, String> found = new TreeMap<>();
                int rows = documents(database, found);
                assertThat(counted(opened)).as("rows that the engines count").isEqualTo(rows);
                keys(database, found);
                model.compare(found);
                assertThat(DocumentCrashSettings.documents(database).definition().version())
                        .as("the definition that was acknowledged")
                        .isGreaterThanOrEqualTo(
                                Integer.parseInt(
                                        found.getOrDefault(DocumentCrashSettings.DEFINITION, "1")));
            }
        }
    }

    private static int documents(NodeDb database, Map<String, String> found) {
        Documents documents = DocumentCrashSettings.documents(database);
        int rows = 0;
        try (DocumentScan scan = documents.scan()) {
            for (Row row : scan) {
                rows++;
                found.put(
                        ((Value.Text) row.id().values().getFirst()).value(),
                        DocumentCrashChild.text(row.document()));
            }
        }
        return rows;
    }

    /** What the engines of all partitions say, asked on their cores. */
    private static long counted(EmbeddedDatabase database) {
        CollectionInfo documents =
                database.control().catalog().state().live(DocumentCrashSettings.DOCUMENTS);
        java.util.concurrent.atomic.AtomicLong count = new java.util.concurrent.atomic.AtomicLong();
        java.util.concurrent.CountDownLatch asked =
                new java.util.concurrent.CountDownLatch(database.kernel().cores().size());
        for (int core = 0; core < database.kernel().cores().size(); core++) {
            var loop = database.kernel().cores().get(core);
            database.kernel()
                    .onCore(
                            core,
                            () -> {
                                for (var slot : loop.partitions().all()) {
                                    if (slot.engineId() == documents.engine()) {
                                        count.addAndGet(slot.engine().count(documents.id()));
                                    }
                                }
                                asked.countDown();
                            });
        }
        try {
            asked.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return count.get();
    }

    private static void keys(NodeDb database, Map<String, String> found) {
        try (Scan scan = database.kv(DocumentCrashSettings.KEYS).scan()) {
            for (Entry entry : scan) {
                found.put(
                        new String(entry.key(), StandardCharsets.UTF_8),
                        new String(entry.value(), StandardCharsets.UTF_8));
            }
        }
    }
}
