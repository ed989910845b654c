package io.nodedb.simulator.disk;

import io.nodedb.base.ownership.Shared;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import io.nodedb.os.disk.DiskFullException;
import io.nodedb.simulator.disk.NameChange.Edit;
import io.nodedb.simulator.time.VirtualTime;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that remembers what was synced. {@link #losePower()} keeps an arbitrary part of
 * the rest: any subset of the written sectors in any of the states they had (so a write can be torn
 * at sector borders and later writes can last while earlier ones do not), any subset of the changes
 * of names; and sometimes the 4 KiB block around an unsynced write is garbage altogether, so synced
 * bytes are safe only in blocks that are not written again. {@link #killProcess()} keeps everything
 * that was handed over. Both make open files unusable. The outcome depends on the seed and the
 * calls only.
 *
 * <p>It can also be full, damaged, and slow in virtual time. Every call takes one lock.
 */
@Shared("one lock for the whole disk")
public final class SimulatedDisk implements Disk {
    private final Random random;
    private final VirtualTime time;
    private final Folder root = new Folder();
    private final List<NameChange> unsyncedNames = new ArrayList<>();
    private long capacityBytes = Long.MAX_VALUE;
    private long callNanos;
    private long syncNanos;
    private int life;

    public SimulatedDisk(long seed, VirtualTime time) {
        this.random = new Random(seed);
        this.time = time;
    }

    /** From now on a call lasts {@code call} and a sync {@code sync} of virtual time. */
    public synchronized void setLatency(long call, long sync) {
        callNanos = call;
        syncNanos = sync;
    }

    /** From now on at most so many bytes fit; what stands already stays. */
    public synchronized void setCapacity(long bytes) {
        capacityBytes = bytes;
    }

    /** The machine loses power and comes back: unsynced state survives in part. */
    public synchronized void losePower() {
        life++;
        double keepShare =
                switch (random.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> 1;
                    default -> random.nextDouble();
                };
        for (NameChange change : unsyncedNames) {
            if (random.nextDouble() < keepShare) {
                change.edits().forEach(Edit::applyToDurable);
            }
        }
        unsyncedNames.clear();
        losePower(root, keepShare);
    }

    private void losePower(Folder folder, double keepShare) {
        folder.current.clear();
        folder.current.putAll(folder.durable);
        for (Node node : folder.durable.values()) {
            switch (node) {
                case FileContent file -> file.losePower(random, keepShare);
                case Folder inner -> losePower(inner, keepShare);
            }
        }
    }

    /** The process dies, the operating system lives on: everything that was handed over stays. */
    public synchronized void killProcess() {
        life++;
    }

    /** Flips bits of one byte on the medium. */
    public synchronized void damage(String path, long position, int mask) {
        FileContent content = content(path);
        if (position >= content.size()) {
            throw new IllegalArgumentException(path + " is shorter than " + position);
        }
        content.damage((int) position, (byte) mask);
    }

    /** A file's bytes as they are now. */
    public synchronized byte[] bytes(String path) {
        return content(path).bytes();
    }

    private FileContent content(String path) {
        if (find(path) instanceof FileContent content) {
            return content;
        }
        throw new IllegalArgumentException("no file " + path);
    }

    @Override
    public synchronized DiskFile openForRead(String path) throws IOException {
        return new SimulatedFile(this, path, existing(path), life, false);
    }

    @Override
    public synchronized DiskFile openForWrite(String path) throws IOException {
        return new SimulatedFile(this, path, existing(path), life, true);
    }

    private FileContent existing(String path) throws IOException {
        tick();
        if (find(path) instanceof FileContent content) {
            return content;
        }
        throw new NoSuchFileException(path);
    }

    @Override
    public synchronized DiskFile create(String path) throws IOException {
        tick();
        Folder folder = parent(path);
        if (folder.current.containsKey(name(path))) {
            throw new FileAlreadyExistsException(path);
        }
        FileContent content = new FileContent();
        change(List.of(new Edit(folder, name(path), null, content)));
        return new SimulatedFile(this, path, content, life, true);
    }

    @Override
    public synchronized void createDirectories(String path) throws IOException {
        tick();
        Folder folder = root;
        for (String name : names(path)) {
            Node next = folder.current.get(name);
            if (next == null) {
                next = new Folder();
                change(List.of(new Edit(folder, name, null, next)));
            }
            if (!(next instanceof Folder inner)) {
                throw new FileAlreadyExistsException(path);
            }
            folder = inner;
        }
    }

    @Override
    public synchronized boolean exists(String path) {
        return find(path) != null;
    }

    @Override
    public synchronized List<String> list(String directory) {
        tick();
        return find(directory) instanceof Folder folder
                ? List.copyOf(folder.current.keySet())
                : List.of();
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        tick();
        Folder source = parent(from);
        Node node = source.current.get(name(from));
        if (node == null) {
            throw new NoSuchFileException(from);
        }
        change(
                List.of(
                        new Edit(source, name(from), node, null),
                        new Edit(parent(to), name(to), null, node)));
    }

    @Override
    public synchronized void link(String existing, String link) throws IOException {
        FileContent content = existing(existing);
        Folder folder = parent(link);
        if (folder.current.containsKey(name(link))) {
            throw new FileAlreadyExistsException(link);
        }
        change(List.of(new Edit(folder, name(link), null, content)));
    }

    @Override
    public synchronized void delete(String path) throws IOException {
        tick();
        Node node = find(path);
        if (node == null) {
            return;
        }
        if (node instanceof Folder folder && !folder.current.isEmpty()) {
            throw new IOException("folder is not empty: " + path);
        }
        change(List.of(new Edit(parent(path), name(path), node, null)));
    }

    private void change(List<Edit> edits) {
        edits.forEach(Edit::applyToCurrent);
        unsyncedNames.add(new NameChange(edits));
    }

    @Override
    public synchronized void syncDirectory(String directory) throws IOException {
        tick();
        if (!(find(directory) instanceof Folder folder)) {
            throw new NoSuchFileException(directory);
        }
        Iterator<NameChange> changes = unsyncedNames.iterator();
        while (changes.hasNext()) {
            NameChange change = changes.next();
            if (change.touches(folder)) {
                change.edits().forEach(Edit::applyToDurable);
                changes.remove();
            }
        }
    }

    @Override
    public synchronized long freeBytes() {
        return Math.max(0, capacityBytes - usedBytes(root));
    }

    private static long usedBytes(Folder folder) {
        long used = 0;
        for (Node node : folder.current.values()) {
            used +=
                    switch (node) {
                        case FileContent file -> file.size();
                        case Folder inner -> usedBytes(inner);
                    };
        }
        return used;
    }

    @Override
    public boolean survivesInterrupts() {
        return true;
    }

    @Override
    public String describe(String path) {
        return "simulated:/" + path;
    }

    /** A file is about to grow by so many bytes. */
    void requireRoom(String path, long moreBytes) throws DiskFullException {
        if (capacityBytes != Long.MAX_VALUE && moreBytes > freeBytes()) {
            throw new DiskFullException("no space for " + moreBytes + " bytes in " + path);
        }
    }

    void requireLife(int openedIn) throws IOException {
        if (openedIn != life) {
            throw new IOException("the process that opened this file is gone");
        }
    }

    void tick() {
        time.advanceNanos(callNanos);
    }

    void tickSync() {
        time.advanceNanos(syncNanos);
    }

    private @Nullable Node find(String path) {
        Node node = root;
        for (String name : names(path)) {
            if (!(node instanceof Folder folder)) {
                return null;
            }
            node = folder.current.get(name);
        }
        return node;
    }

    private Folder parent(String path) throws NoSuchFileException {
        int slash = path.lastIndexOf('/');
        if (find(slash < 0 ? "" : path.substring(0, slash)) instanceof Folder folder) {
            return folder;
        }
        throw new NoSuchFileException(path);
    }

    private static String name(String path) {
        return path.substring(path.lastIndexOf('/') + 1);
    }

    private static List<String> names(String path) {
        List<String> names = new ArrayList<>();
        int from = 0;
        while (from <= path.length()) {
            int slash = path.indexOf('/', from);
            int to = slash < 0 ? path.length() : slash;
            String name = path.substring(from, to);
            if (!name.isEmpty() && !name.equals(".")) {
                names.add(name);
            }
            from = to + 1;
        }
        return names;
    }
}
