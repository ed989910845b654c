package io.nodedb.simulator.disk;

import io.nodedb.base.ownership.Shared;
import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Fails chosen calls on another disk: {@code disk.failNth(EnumSet.of(WRITE), 3, IOException::new)}.
 * A write that fails has written its first half. A failed sync has synced nothing.
 */
@Shared("its own lock around counting")
public final class FaultyDisk implements Disk {
    private final Disk disk;
    private Set<DiskCall> failing = EnumSet.noneOf(DiskCall.class);
    private long callsUntilFault = Long.MAX_VALUE;
    private boolean forGood;
    private Function<String, IOException> fault = IOException::new;
    private long calls;
    private long faults;

    public FaultyDisk(Disk disk) {
        this.disk = disk;
    }

    /**
     * The {@code nth} call (1 is the next) of these kinds fails, once. Replaces an earlier plan.
     */
    public synchronized void failNth(
            Set<DiskCall> kinds, long nth, Function<String, IOException> error) {
        failing = EnumSet.copyOf(kinds);
        callsUntilFault = nth;
        fault = error;
        forGood = false;
    }

    /** The {@code nth} call (1 is the next) of these kinds fails, and every one after it. */
    public synchronized void failFromNth(
            Set<DiskCall> kinds, long nth, Function<String, IOException> error) {
        failNth(kinds, nth, error);
        forGood = true;
    }

    /** Nothing fails any more. */
    public synchronized void heal() {
        failing = EnumSet.noneOf(DiskCall.class);
    }

    /** Calls so far, of all kinds. */
    public synchronized long calls() {
        return calls;
    }

    /** Calls that were failed so far. */
    public synchronized long faults() {
        return faults;
    }

    synchronized void count(DiskCall kind, String path) throws IOException {
        calls++;
        if (!failing.contains(kind)) {
            return;
        }
        callsUntilFault--;
        if (callsUntilFault == 0 || (forGood && callsUntilFault < 0)) {
            faults++;
            throw fault.apply("injected fault: " + kind + " of " + path);
        }
    }

    @Override
    public DiskFile openForRead(String path) throws IOException {
        count(DiskCall.OPEN, path);
        return new FaultyFile(this, path, disk.openForRead(path));
    }

    @Override
    public DiskFile openForWrite(String path) throws IOException {
        count(DiskCall.OPEN, path);
        return new FaultyFile(this, path, disk.openForWrite(path));
    }

    @Override
    public DiskFile create(String path) throws IOException {
        count(DiskCall.CREATE, path);
        return new FaultyFile(this, path, disk.create(path));
    }

    @Override
    public void createDirectories(String path) throws IOException {
        count(DiskCall.CREATE_DIRECTORIES, path);
        disk.createDirectories(path);
    }

    @Override
    public boolean exists(String path) {
        return disk.exists(path);
    }

    @Override
    public List<String> list(String directory) throws IOException {
        count(DiskCall.LIST, directory);
        return disk.list(directory);
    }

    @Override
    public void rename(String from, String to) throws IOException {
        count(DiskCall.RENAME, from);
        disk.rename(from, to);
    }

    @Override
    public void link(String existing, String link) throws IOException {
        count(DiskCall.LINK, existing);
        disk.link(existing, link);
    }

    @Override
    public void delete(String path) throws IOException {
        count(DiskCall.DELETE, path);
        disk.delete(path);
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
        count(DiskCall.SYNC_DIRECTORY, directory);
        disk.syncDirectory(directory);
    }

    @Override
    public long freeBytes() throws IOException {
        return disk.freeBytes();
    }

    @Override
    public boolean survivesInterrupts() {
        return disk.survivesInterrupts();
    }

    @Override
    public String describe(String path) {
        return disk.describe(path);
    }

    private record FaultyFile(FaultyDisk faults, String path, DiskFile file) implements DiskFile {
        @Override
        public int read(long position, ByteBuffer target) throws IOException {
            faults.count(DiskCall.READ, path);
            return file.read(position, target);
        }

        @Override
        public void write(long position, ByteBuffer source) throws IOException {
            try {
                faults.count(DiskCall.WRITE, path);
            } catch (IOException e) {
                ByteBuffer half = source.duplicate();
                half.limit(half.position() + half.remaining() / 2);
                file.write(position, half);
                throw e;
            }
            file.write(position, source);
        }

        @Override
        public void allocate(long lengthBytes) throws IOException {
            faults.count(DiskCall.ALLOCATE, path);
            file.allocate(lengthBytes);
        }

        @Override
        public void truncate(long lengthBytes) throws IOException {
            faults.count(DiskCall.TRUNCATE, path);
            file.truncate(lengthBytes);
        }

        @Override
        public void sync() throws IOException {
            faults.count(DiskCall.SYNC, path);
            file.sync();
        }

        @Override
        public long size() throws IOException {
            return file.size();
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }
}
