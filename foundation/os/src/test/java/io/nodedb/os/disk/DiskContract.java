package io.nodedb.os.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.nodedb.base.errors.BugException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Disk} keeps. */
public abstract class DiskContract {
    private static final int MIB = 1 << 20;

    private Disk disk;

    /** An empty disk whose root stands. */
    protected abstract Disk create() throws IOException;

    @BeforeEach
    void createDisk() throws IOException {
        disk = create();
    }

    @Test
    public void readsBackWhatWasWrittenThroughAnyHandle() throws IOException {
        try (DiskFile file = disk.create("a");
                DiskFile reader = disk.openForRead("a")) {
            write(file, 0, "hello");
            write(file, 5, " world");
            assertThat(text(reader, 0, 11)).isEqualTo("hello world");
            assertThat(text(reader, 6, 100)).isEqualTo("world");
            assertThat(reader.size()).isEqualTo(11);
            write(file, 0, "J");
            assertThat(text(reader, 0, 5)).isEqualTo("Jello");
        }
        try (DiskFile file = disk.openForWrite("a")) {
            assertThat(text(file, 0, 11)).isEqualTo("Jello world");
        }
    }

    @Test
    public void readEndsAtTheEndOfTheFile() throws IOException {
        try (DiskFile file = disk.create("a")) {
            write(file, 0, "abc");
            ByteBuffer target = ByteBuffer.allocate(10);
            assertThat(file.read(1, target)).isEqualTo(2);
            assertThat(target.position()).isEqualTo(2);
            assertThat(target.limit()).isEqualTo(10);
            assertThat(file.read(3, target)).isZero();
            assertThat(file.read(100, target)).isZero();
        }
    }

    @Test
    public void transfersKeepTheLimitsOfTheBuffer() throws IOException {
        byte[] bytes = new byte[3 * MIB + 123];
        new Random(1).nextBytes(bytes);
        try (DiskFile file = disk.create("a")) {
            ByteBuffer source = ByteBuffer.wrap(bytes);
            source.position(7).limit(bytes.length - 9);
            file.write(11, source);
            assertThat(source.position()).isEqualTo(bytes.length - 9);
            assertThat(source.limit()).isEqualTo(bytes.length - 9);
            ByteBuffer direct = ByteBuffer.allocateDirect(bytes.length - 16);
            assertThat(file.read(11, direct)).isEqualTo(bytes.length - 16);
            assertThat(direct.flip()).isEqualTo(ByteBuffer.wrap(bytes, 7, bytes.length - 16));
            ByteBuffer heap = ByteBuffer.allocate(bytes.length);
            assertThat(file.read(11, heap.position(5))).isEqualTo(bytes.length - 16);
            assertThat(heap.limit()).isEqualTo(bytes.length);
            assertThat(heap.flip().position(5)).isEqualTo(direct);
        }
    }

    @Test
    public void gapsReadAsZeros() throws IOException {
        try (DiskFile file = disk.create("a")) {
            write(file, 100_000, "x");
            assertThat(file.size()).isEqualTo(100_001);
            assertThat(text(file, 0, 100_001)).isEqualTo("\0".repeat(100_000) + "x");
        }
    }

    @Test
    public void allocateAddsZerosAndKeepsWhatIsThere() throws IOException {
        try (DiskFile file = disk.create("a")) {
            write(file, 0, "abc");
            file.allocate(2 * MIB + 3);
            assertThat(file.size()).isEqualTo(2 * MIB + 3);
            assertThat(text(file, 0, 5)).isEqualTo("abc\0\0");
            assertThat(text(file, 2 * MIB, 10)).isEqualTo("\0\0\0");
            file.allocate(2 * MIB + 3);
            assertThat(file.size()).isEqualTo(2 * MIB + 3);
            assertThatThrownBy(() -> file.allocate(3)).isInstanceOf(BugException.class);
        }
    }

    @Test
    public void bytesBehindACutDoNotComeBack() throws IOException {
        try (DiskFile file = disk.create("a")) {
            write(file, 0, "abcdefgh");
            file.truncate(3);
            assertThat(file.size()).isEqualTo(3);
            assertThat(text(file, 0, 10)).isEqualTo("abc");
            file.allocate(8);
            assertThat(text(file, 0, 10)).isEqualTo("abc\0\0\0\0\0");
            assertThatThrownBy(() -> file.truncate(9)).isInstanceOf(BugException.class);
        }
    }

    @Test
    public void syncsFilesAndFolders() throws IOException {
        disk.createDirectories("d/e");
        try (DiskFile file = disk.create("d/e/a")) {
            write(file, 0, "abc");
            file.sync();
        }
        disk.syncDirectory("d/e");
        disk.syncDirectory("d");
        disk.syncDirectory("");
        assertThatThrownBy(() -> disk.syncDirectory("absent"))
                .isInstanceOf(NoSuchFileException.class);
    }

    @Test
    public void opensOnlyWhatExistsAndCreatesOnlyWhatDoesNot() throws IOException {
        disk.create("a").close();
        assertThatThrownBy(() -> disk.create("a")).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> disk.create("absent/a")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk.openForRead("b")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk.openForWrite("b")).isInstanceOf(NoSuchFileException.class);
        assertThat(disk.exists("a")).isTrue();
        assertThat(disk.exists("b")).isFalse();
        assertThat(disk.exists("b/c")).isFalse();
    }

    @Test
    public void readingHandleDoesNotWrite() throws IOException {
        disk.create("a").close();
        try (DiskFile file = disk.openForRead("a")) {
            assertThatThrownBy(() -> write(file, 0, "x"))
                    .isInstanceOf(NonWritableChannelException.class);
        }
    }

    @Test
    public void closedHandleIsClosed() throws IOException {
        DiskFile file = disk.create("a");
        file.close();
        file.close();
        assertThatThrownBy(() -> file.read(0, ByteBuffer.allocate(1)))
                .isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(() -> write(file, 0, "x")).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::size).isInstanceOf(ClosedChannelException.class);
        assertThatThrownBy(file::sync).isInstanceOf(ClosedChannelException.class);
    }

    @Test
    public void interruptedCallerIsServedWhereTheDiskSaysSo() throws IOException {
        disk.createDirectories("d");
        if (!disk.survivesInterrupts()) {
            interruptClosesTheFile();
            return;
        }
        ByteBuffer direct = ByteBuffer.allocateDirect(3);
        Thread.currentThread().interrupt();
        try (DiskFile file = disk.create("d/a")) {
            write(file, 0, "abcdef");
            file.write(6, ByteBuffer.allocateDirect(3));
            file.allocate(2 * MIB);
            file.truncate(9);
            file.sync();
            disk.syncDirectory("d");
            assertThat(file.read(1, direct)).isEqualTo(3);
            assertThat(text(file, 0, 100)).isEqualTo("abcdef\0\0\0");
            assertThat(file.size()).isEqualTo(9);
            disk.link("d/a", "d/b");
            disk.rename("d/b", "d/c");
            assertThat(get("d/c")).hasSize(9);
            assertThat(disk.list("d")).containsExactly("a", "c");
            assertThat(Thread.currentThread().isInterrupted()).isTrue();
        } finally {
            Thread.interrupted();
        }
        assertThat(direct.flip()).isEqualTo(ByteBuffer.wrap(new byte[] {'b', 'c', 'd'}));
    }

    private void interruptClosesTheFile() throws IOException {
        try (DiskFile file = disk.create("d/a")) {
            Thread.currentThread().interrupt();
            assertThatThrownBy(() -> write(file, 0, "abcdef"))
                    .isInstanceOf(ClosedByInterruptException.class);
        } finally {
            Thread.interrupted();
        }
    }

    @Test
    public void listsNamesInOrder() throws IOException {
        disk.createDirectories("d/sub");
        disk.createDirectories("d");
        for (String name : new String[] {"c", "a", "b"}) {
            disk.create("d/" + name).close();
        }
        assertThat(disk.list("d")).containsExactly("a", "b", "c", "sub");
        assertThat(disk.list("")).containsExactly("d");
        assertThat(disk.list("absent")).isEmpty();
        assertThatThrownBy(() -> disk.createDirectories("d/a"))
                .isInstanceOf(FileAlreadyExistsException.class);
    }

    @Test
    public void renameReplacesAtomically() throws IOException {
        disk.createDirectories("d");
        put("a", "new");
        put("d/b", "old");
        try (DiskFile old = disk.openForRead("d/b")) {
            disk.rename("a", "d/b");
            assertThat(disk.exists("a")).isFalse();
            assertThat(get("d/b")).isEqualTo("new");
            assertThat(text(old, 0, 10)).isEqualTo("old");
        }
        assertThatThrownBy(() -> disk.rename("a", "c")).isInstanceOf(NoSuchFileException.class);
        assertThatThrownBy(() -> disk.rename("d/b", "absent/b"))
                .isInstanceOf(NoSuchFileException.class);
        assertThat(get("d/b")).isEqualTo("new");
    }

    @Test
    public void renamesFoldersWithWhatIsInThem() throws IOException {
        disk.createDirectories("d/e");
        put("d/e/a", "1");
        disk.rename("d", "f");
        assertThat(get("f/e/a")).isEqualTo("1");
        assertThat(disk.exists("d")).isFalse();
    }

    @Test
    public void linkIsASecondNameOfTheFile() throws IOException {
        put("a", "abc");
        disk.link("a", "b");
        disk.delete("a");
        assertThat(get("b")).isEqualTo("abc");
        put("c", "other");
        assertThatThrownBy(() -> disk.link("b", "c"))
                .isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> disk.link("absent", "e")).isInstanceOf(NoSuchFileException.class);
        assertThat(disk.list("")).containsExactly("b", "c");
        disk.link("b", "d");
        disk.rename("b", "d");
        assertThat(get("d")).isEqualTo("abc");
    }

    @Test
    public void deletedFileLivesOnWhileItIsOpen() throws IOException {
        put("a", "abc");
        try (DiskFile file = disk.openForWrite("a")) {
            disk.delete("a");
            assertThat(disk.exists("a")).isFalse();
            assertThat(text(file, 0, 10)).isEqualTo("abc");
            write(file, 0, "x");
            disk.create("a").close();
            assertThat(get("a")).isEmpty();
            assertThat(text(file, 0, 10)).isEqualTo("xbc");
        }
    }

    @Test
    public void deletesFilesAndEmptyFolders() throws IOException {
        disk.delete("absent");
        disk.createDirectories("d");
        disk.create("d/a").close();
        assertThatThrownBy(() -> disk.delete("d")).isInstanceOf(DirectoryNotEmptyException.class);
        disk.delete("d/a");
        disk.delete("d");
        assertThat(disk.exists("d")).isFalse();
    }

    @Test
    public void pathsStayBelowTheRoot() {
        assertThatThrownBy(() -> disk.exists("/etc")).isInstanceOf(BugException.class);
        assertThatThrownBy(() -> disk.create("d/../../a")).isInstanceOf(BugException.class);
    }

    @Test
    public void saysHowMuchRoomThereIs() throws IOException {
        assertThat(disk.freeBytes()).isPositive();
        assertThat(disk.describe("d/a")).contains("d/a");
    }

    @Test
    public void severalThreadsReadOneFileWhileItGrows() throws Exception {
        try (DiskFile file = disk.create("a");
                DiskFile reader = disk.openForRead("a")) {
            int records = 2_000;
            Thread[] threads = new Thread[2];
            Throwable[] failures = new Throwable[threads.length];
            for (int t = 0; t < threads.length; t++) {
                int self = t;
                threads[t] =
                        Thread.ofPlatform()
                                .start(() -> {
                                    try {
                                        readGrowing(reader, records);
                                    } catch (IOException | AssertionError e) {
                                        failures[self] = e;
                                    }
                                });
            }
            for (int i = 0; i < records; i++) {
                file.write(i * 8L, ByteBuffer.allocate(8).putLong(0, i));
            }
            for (Thread thread : threads) {
                thread.join();
            }
            assertThat(failures).containsOnlyNulls();
        }
    }

    private static void readGrowing(DiskFile file, int records) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(8);
        for (int i = 0; i < records; ) {
            if (file.read(i * 8L, buffer.clear()) == 8) {
                assertThat(buffer.getLong(0)).isEqualTo(i);
                i++;
            } else {
                Thread.onSpinWait();
            }
        }
    }

    private void put(String path, String text) throws IOException {
        try (DiskFile file = disk.create(path)) {
            write(file, 0, text);
        }
    }

    private String get(String path) throws IOException {
        try (DiskFile file = disk.openForRead(path)) {
            return text(file, 0, (int) file.size());
        }
    }

    static void write(DiskFile file, long position, String text) throws IOException {
        file.write(position, ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
    }

    private static String text(DiskFile file, long position, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        int read = file.read(position, buffer);
        assertThat(read).isEqualTo(buffer.position());
        return new String(buffer.array(), 0, read, StandardCharsets.US_ASCII);
    }
}
