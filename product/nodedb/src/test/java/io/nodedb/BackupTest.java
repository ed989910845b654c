package io.nodedb;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Copies of a database while it is written to: each a whole database as of one moment. */
@Timeout(300)
class BackupTest {
    /** Checkpoints, flushes, and a log that is cut and reused all the time. */
    private static final Settings RESTLESS =
            Settings.builder(RuntimeSettings.allAreas())
                    .explicit("data_cores", "2")
                    .explicit("partitions", "3")
                    .explicit("checkpoint_interval", "20ms")
                    .explicit("wal_segment", "256KiB")
                    .explicit("wal_ring", "64KiB")
                    .explicit("wal_group", "64KiB")
                    .explicit("wal_keep", "0")
                    .build();

    private static final int BACKUPS = 4;
    private static final int WRITES_BETWEEN = 300;

    @TempDir private Path folder;

    private Path path(String name) {
        return folder.resolve(name);
    }

    private static void assertRefused(ErrorCode code, Runnable call) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        NodeDbException.class, e -> assertThat(e.code()).isEqualTo(code));
    }

    /** Writes rounds: in a transaction the same number to three places, in different engines. */
    private static final class Writer implements Runnable {
        private final NodeDb db;
        private final String name;
        private final AtomicLong begun = new AtomicLong();
        private final AtomicLong done = new AtomicLong();
        private final AtomicBoolean stop = new AtomicBoolean();

        Writer(NodeDb db, String name) {
            this.db = db;
            this.name = name;
        }

        @Override
        public void run() {
            for (long round = 1; !stop.get(); round++) {
                begun.set(round);
                String value = Long.toString(round);
                db.inTransaction(tx -> {
                    tx.kv("one").put(name, value);
                    tx.kv("two").put(name + "-other-partition", value);
                    tx.documents("three")
                            .put(
                                    name,
                                    Document.empty()
                                            .with("round", value)
                                            .with("filling", "x".repeat(2_000)));
                });
                db.kv("many").put(name + round % 500, value.repeat(100));
                done.set(round);
            }
        }

        void await(long rounds) {
            while (done.get() < rounds) {
                Thread.onSpinWait();
            }
        }

        /** The round that a copy has; all of it or nothing. */
        long roundIn(NodeDb copy) {
            String one = copy.kv("one").get(name);
            assertThat(copy.kv("two").get(name + "-other-partition")).isEqualTo(one);
            Document three = copy.documents("three").get(name);
            assertThat(three == null ? null : three.without("filling"))
                    .isEqualTo(one == null ? null : Document.empty().with("round", one));
            return one == null ? 0 : Long.parseLong(one);
        }
    }

    @Test
    void aBackupUnderLoadIsTheWholeDatabaseAsOfOneMomentMeanwhile() throws InterruptedException {
        try (NodeDb db = NodeDb.open(path("db"), RESTLESS)) {
            List<Writer> writers = List.of(new Writer(db, "a"), new Writer(db, "b"));
            List<Thread> threads = new ArrayList<>();
            writers.forEach(writer -> threads.add(Thread.ofPlatform().start(writer)));
            try {
                for (int i = 0; i < BACKUPS; i++) {
                    for (Writer writer : writers) {
                        writer.await(writer.done.get() + WRITES_BETWEEN);
                    }
                    List<Long> before = writers.stream().map(each -> each.done.get()).toList();
                    Path target = path("backup-" + i);
                    // In turn as the process itself does it, and as another one would.
                    Backup backup = i % 2 == 0 ? db.backup(target) : Backup.of(path("db"), target);
                    assertThat(backup.files()).isPositive();
                    List<Long> after = writers.stream().map(each -> each.begun.get()).toList();
                    assertThat(Verification.of(target).findings()).isEmpty();
                    Backup restored = Backup.restore(target, path("restored-" + i));
                    assertThat(restored.files()).isPositive();
                    for (Path copied : List.of(target, restored.directory())) {
                        try (NodeDb copy = NodeDb.open(copied, RESTLESS)) {
                            for (int w = 0; w < writers.size(); w++) {
                                assertThat(writers.get(w).roundIn(copy))
                                        .as("backup %d of writer %d", i, w)
                                        .isBetween(before.get(w), after.get(w));
                            }
                            copy.kv("one").put("c", "the copy goes on by itself");
                        }
                    }
                }
            } finally {
                writers.forEach(writer -> writer.stop.set(true));
                for (Thread thread : threads) {
                    thread.join();
                }
            }
            assertThat(db.kv("one").get("c")).isNull();
            assertThat(db.health().problems()).isEmpty();
        }
        assertThat(Verification.of(path("db")).findings()).isEmpty();
    }

    @Test
    void aDatabaseInMemoryIsWrittenOut() {
        try (NodeDb db = NodeDb.inMemory(RESTLESS)) {
            db.kv("one").put("k", "v");
            Backup ignored = db.backup(path("written"));
        }
        try (NodeDb copy = NodeDb.open(path("written"))) {
            assertThat(copy.kv("one").get("k")).isEqualTo("v");
        }
    }

    @Test
    void aBackupReplacesNothingAndAFailedOneLeavesNothing() throws IOException {
        assertRefused(ErrorCode.NOT_FOUND, () -> Backup.of(path("none"), path("target")));
        assertThat(path("target")).doesNotExist();
        try (NodeDb db = NodeDb.open(path("db"), RESTLESS)) {
            db.kv("one").put("k", "v".repeat(10_000));
        }
        Files.createDirectory(path("taken"));
        assertRefused(ErrorCode.INVALID_ARGUMENT, () -> Backup.of(path("db"), path("taken")));
        assertRefused(
                ErrorCode.STORAGE_FAILED, () -> Backup.of(path("db"), path("no-parent/target")));
        Path base;
        try (Stream<Path> files = Files.walk(path("db"))) {
            base = files.filter(file -> file.toString().endsWith(".base")).toList().getLast();
        }
        byte[] bytes = Files.readAllBytes(base);
        bytes[bytes.length / 2] ^= 1;
        Files.write(base, bytes);
        assertThatThrownBy(() -> Backup.of(path("db"), path("target")))
                .hasMessageContaining(base.getFileName().toString());
        assertThat(path("target")).doesNotExist();
        assertThat(path("target.partial")).doesNotExist();
    }

    @Test
    void aRestoredDatabaseSharesNothingWithItsBackup() throws IOException {
        try (NodeDb db = NodeDb.open(path("db"), RESTLESS)) {
            db.kv("one").put("k", "v".repeat(10_000));
        }
        Backup ignored = Backup.of(path("db"), path("backup"));
        ignored = Backup.restore(path("backup"), path("restored"));
        try (Stream<Path> files = Files.walk(path("restored"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                Path original = path("backup").resolve(path("restored").relativize(file));
                assertThat(Files.isSameFile(file, original)).as(file.toString()).isFalse();
                Files.write(file, "overwritten".getBytes(UTF_8));
            }
        }
        assertThat(Verification.of(path("backup")).findings()).isEmpty();
    }
}
