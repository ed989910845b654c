package io.nodedb.crash;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.Change;
import io.nodedb.ChangeFeed;
import io.nodedb.CollectionSettings;
import io.nodedb.Entry;
import io.nodedb.NodeDb;
import io.nodedb.Scan;
import io.nodedb.testkit.ForkedJvm;
import io.nodedb.testkit.LongForm;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CrashIT {
    private static final int SHORT_CYCLES = 10;
    private static final int LONG_CYCLES = 200;
    private static final int MOST_LINES = 6_000;
    private static final int MOST_CORES = 3;

    @TempDir Path directory;

    private final CrashModel model = new CrashModel();

    @Test
    void nothingAcknowledgedIsLostDoubledOrHalvedWhenTheProcessIsKilled() {
        cycles(LongForm.of("crash"), "kill");
    }

    @Test
    void nothingAcknowledgedIsLostDoubledOrHalvedWhenThePowerFails() {
        cycles(LongForm.of("power-loss"), "power");
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
        stopCleanly(mode, random);
    }

    private ForkedJvm start(String mode, SplittableRandom random) {
        return ForkedJvm.start(
                CrashChild.class,
                directory.toString(),
                mode,
                Long.toString(random.nextLong(1L << 40)),
                Integer.toString(1 + random.nextInt(MOST_CORES)),
                Long.toString(model.position()));
    }

    private void liveAndDie(String mode, SplittableRandom random) {
        try (ForkedJvm child = start(mode, random)) {
            int lines = 1 + random.nextInt(MOST_LINES);
            for (int i = 0; i < lines; i++) {
                takeLine(child);
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
            case Line.ACK, Line.POSITION -> parsed.words().size() == 1;
            case Line.REFUSED -> parsed.words().size() == 2;
            case Line.CHANGE -> parsed.words().size() == 5;
            default -> false;
        };
    }

    private void takeLine(ForkedJvm child) {
        String line = child.readLine();
        if (line == null) {
            throw new AssertionError("the child ended by itself: " + child.stderr());
        }
        model.take(Line.parse(line));
    }

    /** Opened twice in this process: a start and a clean stop change nothing either. */
    private void compareTwice(SplittableRandom random) {
        for (int i = 0; i < 2; i++) {
            try (NodeDb database =
                    NodeDb.open(
                            directory, CrashSettings.settings(1 + random.nextInt(MOST_CORES)))) {
                follow(database);
                Map<String, String> found = content(database);
                model.compare(found);
                model.compareFeed(found);
            }
        }
    }

    private void follow(NodeDb database) {
        try (ChangeFeed feed = database.changes(model.position())) {
            for (Change change = feed.poll(); change != null; change = feed.poll()) {
                model.take(
                        new Line(
                                Line.CHANGE,
                                List.of(
                                        Long.toString(change.lsn()),
                                        change.partition() + "." + change.index(),
                                        text(change.key()),
                                        change.value() == null
                                                ? Line.NOTHING
                                                : text(change.value()),
                                        change.priorValue() == null
                                                ? Line.NOTHING
                                                : text(change.priorValue()))));
            }
            model.take(new Line(Line.POSITION, List.of(Long.toString(feed.position()))));
        }
    }

    private static Map<String, String> content(NodeDb database) {
        Map<String, String> content = new TreeMap<>();
        try (Scan scan =
                database.kv(CrashSettings.COLLECTION, CollectionSettings.DEFAULTS.withFeed())
                        .scan()) {
            for (Entry entry : scan) {
                content.put(text(entry.key()), text(entry.value()));
            }
        }
        return content;
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void stopCleanly(String mode, SplittableRandom random) {
        for (int i = 0; i < 2; i++) {
            try (ForkedJvm child = start(mode, random)) {
                for (int line = 0; line < 200; line++) {
                    takeLine(child);
                }
                child.send("stop");
                for (String line = child.readLine(); line != null; line = child.readLine()) {
                    model.take(Line.parse(line));
                }
                assertThat(child.waitFor()).as(child.stderr()).isZero();
            }
            compareTwice(random);
        }
    }

    @Test
    void secondProcessIsToldWhoHoldsTheDirectory() {
        try (ForkedJvm first = start("kill", new SplittableRandom(1));
                ForkedJvm second = startAfter(first)) {
            assertThat(second.waitFor()).isNotZero();
            assertThat(second.stderr()).contains("ALREADY_OPEN").contains("pid=" + first.pid());
        }
    }

    private ForkedJvm startAfter(ForkedJvm first) {
        first.awaitLine(Line.READY);
        return start("kill", new SplittableRandom(2));
    }
}
