package io.nodedb.crash;

import io.nodedb.os.disk.Disk;
import io.nodedb.os.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps what is written in this process's memory until it is synced, and only then writes it to the
 * files: killing the process takes everything unsynced along, as a loss of power does. Names are
 * passed on at once, which a disk may do too.
 */
final class UnsyncedDisk implements Disk {
    private static final int BLOCK_BYTES = 4096;

    private final Disk disk;
    private final Map<String, Content> contents = new HashMap<>();

    UnsyncedDisk(Disk disk) {
        this.disk = disk;
    }

    /** A file's bytes, those that are not synced included; guarded by itself. */
    private static final class Content {
        private final DiskFile file;
        private final BitSet dirty = new BitSet();
        private byte[] bytes;
        private int size;
        private boolean resized;

        Content(DiskFile file) throws IOException {
            this.file = file;
            size = Math.toIntExact(file.size());
            bytes = new byte[size];
            ByteBuffer target = ByteBuffer.wrap(bytes);
            while (target.hasRemaining() && file.read(target.position(), target) > 0) {
                // on to the end
            }
        }

        synchronized int read(long position, ByteBuffer target) {
            if (position >= size) {
                return -1;
            }
            int count = (int) Math.min(target.remaining(), size - position);
            target.put(bytes, (int) position, count);
            return count;
        }

        synchronized void write(int position, ByteBuffer source) {
            int count = source.remaining();
            grow(position + count);
            source.get(bytes, position, count);
            dirty.set(position / BLOCK_BYTES, (position + count + BLOCK_BYTES - 1) / BLOCK_BYTES);
        }

        synchronized void grow(int length) {
            if (length > bytes.length) {
                bytes = Arrays.copyOf(bytes, Math.max(length, bytes.length * 2));
            }
            if (length > size) {
                size = length;
                resized = true;
            }
        }

        synchronized void truncate(int length) {
            if (length < size) {
                Arrays.fill(bytes, length, size, (byte) 0);
                size = length;
                resized = true;
            }
        }

        synchronized void sync() throws IOException {
            if (resized) {
                if (size < file.size()) {
                    file.truncate(size);
                } else {
                    file.allocate(size);
                }
                resized = false;
            }
            for (int block = dirty.nextSetBit(0); block >= 0; block = dirty.nextSetBit(block + 1)) {
                int from = block * BLOCK_BYTES;
                int count = Math.min(BLOCK_BYTES, size - from);
                if (count > 0) {
                    file.write(from, ByteBuffer.wrap(bytes, from, count));
                }
            }
            dirty.clear();
            file.sync();
        }

        synchronized int size() {
            return size;
        }
    }

    /** One opening of a file; the content outlives it. */
    private record Handle(Content content) implements DiskFile {
        @Override
        public int read(long position, ByteBuffer target) {
            return content.read(position, target);
        }

        @Override
        public void write(long position, ByteBuffer source) {
            content.write(Math.toIntExact(position), source);
        }

        @Override
        public void allocate(long lengthBytes) {
            content.grow(Math.toIntExact(lengthBytes));
        }

        @Override
        public void truncate(long lengthBytes) {
            content.truncate(Math.toIntExact(lengthBytes));
        }

        @Override
        public void sync() throws IOException {
            content.sync();
        }

        @Override
        public long size() {
            return content.size();
        }

        @Override
        public void close() {}
    }

    private synchronized DiskFile open(String path) throws IOException {
        Content content = contents.get(path);
        if (content == null) {
            content = new Content(disk.openForWrite(path));
            contents.put(path, content);
        }
        return new Handle(content);
    }

    @Override
    public DiskFile openForRead(String path) throws IOException {
        return open(path);
    }

    @Override
    public DiskFile openForWrite(String path) throws IOException {
        return open(path);
    }

    @Override
    public synchronized DiskFile create(String path) throws IOException {
        Content content = new Content(disk.create(path));
        contents.put(path, content);
        return new Handle(content);
    }

    @Override
    public void createDirectories(String path) throws IOException {
        disk.createDirectories(path);
    }

    @Override
    public boolean exists(String path) {
        return disk.exists(path);
    }

    @Override
    public List<String> list(String directory) throws IOException {
        return disk.list(directory);
    }

    @Override
    public synchronized void rename(String from, String to) throws IOException {
        disk.rename(from, to);
        Content content = contents.remove(from);
        contents.remove(to);
        if (content != null) {
            contents.put(to, content);
        }
    }

    @Override
    public synchronized void link(String existing, String link) throws IOException {
        disk.link(existing, link);
        Content content = contents.get(existing);
        if (content != null) {
            contents.put(link, content);
        }
    }

    @Override
    public synchronized void delete(String path) throws IOException {
        disk.delete(path);
        contents.remove(path);
    }

    @Override
    public void syncDirectory(String directory) throws IOException {
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
}
