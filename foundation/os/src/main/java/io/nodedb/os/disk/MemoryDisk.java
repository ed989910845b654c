package io.nodedb.os.disk;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A {@link Disk} in the heap: for databases that need not last, and for tests. It behaves as the
 * file system does: a deleted file lives on while it is open, a link is a second name of the same
 * bytes, names need their folder to stand. Everything lasts at once, so syncing does nothing.
 */
@Shared("the tree's lock; each file's own lock")
public final class MemoryDisk implements Disk {
    /** A name's meaning. */
    private sealed interface Node {}

    private record Folder(TreeMap<String, Node> entries) implements Node {
        Folder() {
            this(new TreeMap<>());
        }
    }

    private record Content(MemoryBytes bytes) implements Node {}

    private final MemoryCapacity capacity;
    private final Folder root = new Folder();

    /** As large as the heap allows. */
    public MemoryDisk() {
        this(Long.MAX_VALUE);
    }

    /** Refuses, as a full disk does, what would take more than {@code capacityBytes}. */
    public MemoryDisk(long capacityBytes) {
        this.capacity = new MemoryCapacity(capacityBytes);
    }

    @Override
    public synchronized DiskFile openForRead(String path) throws IOException {
        MemoryBytes bytes = content(path).bytes;
        bytes.retain();
        return new MemoryFile(path, bytes, false);
    }

    @Override
    public synchronized DiskFile openForWrite(String path) throws IOException {
        MemoryBytes bytes = content(path).bytes;
        bytes.retain();
        return new MemoryFile(path, bytes, true);
    }

    @Override
    public synchronized DiskFile create(String path) throws IOException {
        Folder parent = parent(path);
        refuseTaken(parent, path);
        MemoryBytes bytes = new MemoryBytes(capacity);
        parent.entries.put(name(path), new Content(bytes));
        bytes.retain();
        return new MemoryFile(path, bytes, true);
    }

    @Override
    public synchronized void createDirectories(String path) throws IOException {
        DiskErrors.checkPath(path);
        Folder at = root;
        if (path.isEmpty()) {
            return;
        }
        for (String name : path.split("/", -1)) {
            Node next = at.entries.computeIfAbsent(name, absent -> new Folder());
            if (!(next instanceof Folder folder)) {
                throw new FileAlreadyExistsException(path);
            }
            at = folder;
        }
    }

    @Override
    public synchronized boolean exists(String path) {
        return find(path) != null;
    }

    @Override
    public synchronized List<String> list(String directory) throws IOException {
        return switch (find(directory)) {
            case null -> List.of();
            case Folder folder -> List.copyOf(folder.entries.keySet());
            case Content content -> throw new NotDirectoryException(directory);
        };
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        Folder source = parent(from);
        Node moved = source.entries.get(name(from));
        if (moved == null) {
            throw new NoSuchFileException(from);
        }
        Folder target = parent(to);
        Node replaced = target.entries.get(name(to));
        if (isSame(moved, replaced)) {
            return;
        }
        if (replaced instanceof Folder folder && !folder.entries.isEmpty()) {
            throw new DirectoryNotEmptyException(to);
        }
        source.entries.remove(name(from));
        target.entries.put(name(to), moved);
        if (replaced instanceof Content content) {
            content.bytes.release();
        }
    }

    /** Two names of one file: renaming one to the other does nothing, as rename(2) says. */
    private static boolean isSame(Node one, @Nullable Node other) {
        return one == other
                || (one instanceof Content(MemoryBytes a)
                        && other instanceof Content(MemoryBytes b)
                        && a == b);
    }

    @Override
    public synchronized void link(String existing, String link) throws IOException {
        Content content = content(existing);
        Folder parent = parent(link);
        refuseTaken(parent, link);
        parent.entries.put(name(link), new Content(content.bytes));
        content.bytes.retain();
    }

    @Override
    public synchronized void delete(String path) throws IOException {
        Node node = find(path);
        if (node == null) {
            return;
        }
        if (node instanceof Folder folder && !folder.entries.isEmpty()) {
            throw new DirectoryNotEmptyException(path);
        }
        parent(path).entries.remove(name(path));
        if (node instanceof Content content) {
            content.bytes.release();
        }
    }

    @Override
    public synchronized void syncDirectory(String directory) throws IOException {
        if (!(find(directory) instanceof Folder)) {
            throw new NoSuchFileException(directory);
        }
    }

    @Override
    public long freeBytes() {
        return capacity.freeBytes();
    }

    @Override
    public boolean survivesInterrupts() {
        return true;
    }

    @Override
    public String describe(String path) {
        return "memory:" + path;
    }

    private Content content(String path) throws IOException {
        if (find(path) instanceof Content content) {
            return content;
        }
        throw new NoSuchFileException(path);
    }

    private static void refuseTaken(Folder parent, String path) throws IOException {
        if (parent.entries.containsKey(name(path))) {
            throw new FileAlreadyExistsException(path);
        }
    }

    private Folder parent(String path) throws IOException {
        Check.that(!path.isEmpty(), "the root is not named");
        int slash = path.lastIndexOf('/');
        if (find(slash < 0 ? "" : path.substring(0, slash)) instanceof Folder folder) {
            return folder;
        }
        throw new NoSuchFileException(path);
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private @Nullable Node find(String path) {
        DiskErrors.checkPath(path);
        Node at = root;
        if (path.isEmpty()) {
            return at;
        }
        for (String name : path.split("/", -1)) {
            if (!(at instanceof Folder folder)) {
                return null;
            }
            Node next = folder.entries.get(name);
            if (next == null) {
                return null;
            }
            at = next;
        }
        return at;
    }
}
