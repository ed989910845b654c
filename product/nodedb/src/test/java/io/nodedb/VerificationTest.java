package io.nodedb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.errors.NodeDbException;
import io.nodedb.base.settings.RuntimeSettings;
import io.nodedb.base.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What checking a closed database finds: every damage by file and offset, and nothing else. */
@Timeout(120)
class VerificationTest {
    private static final Settings SMALL =
            Settings.builder(RuntimeSettings.allAreas())
                    .explicit("data_cores", "1")
                    .explicit("partitions", "1")
                    .explicit("wal_segment", "256KiB")
                    .explicit("wal_ring", "64KiB")
                    .explicit("wal_group", "64KiB")
                    .build();

    /** The log's first group stands behind the segment's header. */
    private static final int IN_THE_FIRST_GROUP = 4096 + 40;

    @TempDir private Path folder;

    /** A base, a delta, files of rows and a log: what two clean stops leave. */
    private Path closedDatabase() {
        Path directory = folder.resolve("closed");
        for (int round = 0; round < 2; round++) {
            try (NodeDb db = NodeDb.open(directory, SMALL)) {
                fill(db, round);
            }
        }
        return directory;
    }

    private static void fill(NodeDb db, int round) {
        KeyValue kv = db.kv("things");
        Documents documents = db.documents("papers");
        for (int i = 0; i < 200; i++) {
            String key = "key-" + round + "-" + i;
            kv.put(key, "v".repeat(5_000));
            documents.insert(key, Document.empty().with("i", i));
        }
    }

    /** As after a crash: no checkpoint holds what the log holds. */
    private Path crashedDatabase() throws IOException {
        Path running = folder.resolve("running");
        try (NodeDb db = NodeDb.open(running, SMALL)) {
            fill(db, 0);
            return write(folder.resolve("crashed"), read(running));
        }
    }

    /** All files but the lock, by their paths below the directory. */
    private static Map<String, byte[]> read(Path directory) throws IOException {
        Map<String, byte[]> files = new TreeMap<>();
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : paths.filter(Files::isRegularFile).toList()) {
                String name = directory.relativize(path).toString();
                if (!name.equals("LOCK")) {
                    files.put(name, Files.readAllBytes(path));
                }
            }
        }
        return files;
    }

    private static Path write(Path directory, Map<String, byte[]> files) throws IOException {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
            Path path = directory.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.write(path, file.getValue());
        }
        return directory;
    }

    private static List<String> names(Map<String, byte[]> files, String part) {
        return files.keySet().stream().filter(name -> name.contains(part)).toList();
    }

    /** Every file but the log's segments that may hold nothing: of the log only its beginning. */
    private static List<String> namesOfUsed(Map<String, byte[]> files) {
        String oldest = names(files, "wal/").getFirst();
        return files.keySet().stream()
                .filter(name -> !name.startsWith("wal/") || name.equals(oldest))
                .toList();
    }

    /** Checks with one file changed ({@code null}: deleted) and puts it back. */
    private static Verification verifyWith(Path directory, String name, byte @Nullable [] changed)
            throws IOException {
        Path file = directory.resolve(name);
        byte[] whole = Files.readAllBytes(file);
        try {
            if (changed == null) {
                Files.delete(file);
            } else {
                Files.write(file, changed);
            }
            Map<String, byte[]> before = read(directory);
            Verification verification = Verification.of(directory);
            Map<String, byte[]> after = read(directory);
            assertThat(after.keySet()).isEqualTo(before.keySet());
            before.forEach((path, bytes) -> assertThat(after.get(path)).as(path).isEqualTo(bytes));
            return verification;
        } finally {
            Files.write(file, whole);
        }
    }

    private static void assertNames(Verification verification, String name) {
        assertThat(verification.sound()).as(name).isFalse();
        assertThat(verification.findings()).as(name).anyMatch(found -> found.contains(name));
    }

    @Test
    void soundDatabasesGiveNoFinding() throws IOException {
        for (Path directory : List.of(closedDatabase(), crashedDatabase())) {
            Verification verification = Verification.of(directory);
            assertThat(verification.findings()).isEmpty();
            assertThat(verification.logRecords()).isPositive();
        }
        Verification closed = Verification.of(folder.resolve("closed"));
        assertThat(closed.checkpointFiles()).isGreaterThanOrEqualTo(4);
        assertThat(closed.checkpointEntries()).isGreaterThanOrEqualTo(800);
    }

    @Test
    void aFlippedByteOfAnyFileIsFoundWithFileAndOffset() throws IOException {
        Path directory = closedDatabase();
        Map<String, byte[]> files = read(directory);
        for (String kind : List.of(".base", ".delta", ".rows", "MANIFEST", ".wal", "FORMAT")) {
            assertThat(names(files, kind)).as("files %s", files.keySet()).isNotEmpty();
        }
        for (String name : namesOfUsed(files)) {
            byte[] whole = files.get(name);
            int at = name.startsWith("wal/") ? IN_THE_FIRST_GROUP : whole.length / 2;
            byte[] flipped = whole.clone();
            flipped[at] ^= 0x10;
            Verification verification = verifyWith(directory, name, flipped);
            assertNames(verification, name);
            assertThat(verification.findings()).anyMatch(found -> found.contains("offset="));
        }
    }

    @Test
    void anyFileThatWasCutIsFound() throws IOException {
        Path directory = closedDatabase();
        Map<String, byte[]> files = read(directory);
        for (String name : namesOfUsed(files)) {
            byte[] whole = files.get(name);
            int length = name.startsWith("wal/") ? IN_THE_FIRST_GROUP : whole.length / 2;
            assertNames(verifyWith(directory, name, Arrays.copyOf(whole, length)), name);
            assertNames(
                    verifyWith(directory, name, new byte[0]),
                    name.startsWith("wal/") ? "wal" : name);
        }
    }

    @Test
    void anyFileThatIsMissingIsFound() throws IOException {
        Path directory = closedDatabase();
        for (String name : namesOfUsed(read(directory))) {
            if (!name.startsWith("wal/")) {
                assertNames(verifyWith(directory, name, null), name);
            }
        }
    }

    @Test
    void bothManifestsMissingAreFoundThoughNothingIsLeftToBeRead() throws IOException {
        Path directory = closedDatabase();
        for (String place : List.of("catalog/kv", "p0000/kv", "p0000/document")) {
            Files.delete(directory.resolve(place + "/MANIFEST"));
            assertNames(verifyWith(directory, place + "/MANIFEST.1", null), place + "/MANIFEST");
            Files.copy(
                    directory.resolve(place + "/MANIFEST.1"),
                    directory.resolve(place + "/MANIFEST"));
        }
    }

    @Test
    void aFolderOfRowsThatOtherPartitionsHaveIsFoundMissing() throws IOException {
        Path directory = folder.resolve("two");
        Settings two =
                Settings.builder(RuntimeSettings.allAreas())
                        .explicit("data_cores", "1")
                        .explicit("partitions", "2")
                        .build();
        try (NodeDb db = NodeDb.open(directory, two)) {
            fill(db, 0);
        }
        assertThat(Verification.of(directory).findings()).isEmpty();
        try (Stream<Path> files = Files.list(directory.resolve("p0001/document"))) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        Files.delete(directory.resolve("p0001/document"));
        assertNames(Verification.of(directory), "p0001/document");
    }

    @Test
    void theOldestSegmentMissingIsFoundBecauseTheFilesDoNotHoldWhatItHeld() throws IOException {
        Path directory = crashedDatabase();
        List<String> segments = names(read(directory), "wal/");
        assertThat(segments).hasSizeGreaterThan(2);
        Verification verification = verifyWith(directory, segments.getFirst(), null);
        for (String place : List.of("catalog/kv", "p0000/kv", "p0000/document")) {
            assertNames(verification, place);
        }
        assertNames(verification, "reaches_back_to_lsn=");
        Verification manifestless = verifyWith(directory, "p0000/kv/MANIFEST", null);
        assertThat(manifestless.findings())
                .as("the log holds everything, and nothing was ever published but an empty one")
                .isEmpty();
    }

    @Test
    void whatAnEarlierStartSetAsideIsTold() throws IOException {
        Path directory = closedDatabase();
        Map<String, byte[]> files = read(directory);
        String newest =
                names(files, "p0000/kv/").stream()
                        .filter(n -> n.endsWith(".base"))
                        .toList()
                        .getLast();
        byte[] flipped = files.get(newest).clone();
        flipped[flipped.length / 2] ^= 1;
        Files.write(directory.resolve(newest), flipped);
        try (NodeDb db = NodeDb.open(directory, SMALL)) {
            assertThat(db.health().problems()).isNotEmpty();
        }
        Verification verification = Verification.of(directory);
        assertNames(verification, newest);
        assertNames(verification, "moved_to=quarantine/");
        byte[] list = Files.readAllBytes(directory.resolve("quarantine/REGISTRY"));
        list[list.length / 2] ^= 1;
        assertNames(
                verifyWith(directory, "quarantine/REGISTRY", list), "quarantine/REGISTRY offset=");
        assertNames(verifyWith(directory, "quarantine/REGISTRY", null), "path=quarantine/");
    }

    @Test
    void aFolderThatNeverWasADatabaseIsNotFoundAndStaysAsItIs() throws IOException {
        assertThatThrownBy(() -> Verification.of(folder))
                .isInstanceOfSatisfying(
                        NodeDbException.class,
                        e -> assertThat(e.code()).isEqualTo(ErrorCode.NOT_FOUND));
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).isEmpty();
        }
    }
}
