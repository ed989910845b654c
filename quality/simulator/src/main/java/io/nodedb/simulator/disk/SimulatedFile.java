package io.nodedb.simulator.disk;

import io.nodedb.os.disk.DiskFile;
import java.io.IOException;
import java.nio.ByteBuffer;

/** An open file of a {@link SimulatedDisk}; dead once the process that opened it is gone. */
final class SimulatedFile implements DiskFile {
    private final SimulatedDisk disk;
    private final String path;
    private final FileContent content;
    private final int life;
    private final boolean writable;
    private boolean closed;

    SimulatedFile(
            SimulatedDisk disk, String path, FileContent content, int life, boolean writable) {
        this.disk = disk;
        this.path = path;
        this.content = content;
        this.life = life;
        this.writable = writable;
    }

    @Override
    public int read(long position, ByteBuffer target) throws IOException {
        synchronized (disk) {
            requireOpen();
            byte[] bytes = new byte[target.remaining()];
            int length = content.read(position, bytes, 0, bytes.length);
            target.put(bytes, 0, length);
            return length;
        }
    }

    @Override
    public void write(long position, ByteBuffer source) throws IOException {
        synchronized (disk) {
            requireWritable();
            int start = Math.toIntExact(position);
            int length = source.remaining();
            disk.requireRoom(path, Math.max(0, start + length - content.size()));
            byte[] bytes = new byte[length];
            source.get(bytes);
            content.write(start, bytes);
        }
    }

    @Override
    public void allocate(long lengthBytes) throws IOException {
        synchronized (disk) {
            requireWritable();
            disk.requireRoom(path, Math.max(0, lengthBytes - content.size()));
            content.allocate(Math.toIntExact(lengthBytes));
        }
    }

    @Override
    public void truncate(long lengthBytes) throws IOException {
        synchronized (disk) {
            requireWritable();
            content.truncate(Math.toIntExact(lengthBytes));
        }
    }

    @Override
    public void sync() throws IOException {
        synchronized (disk) {
            requireOpen();
            disk.tickSync();
            content.sync();
        }
    }

    @Override
    public long size() throws IOException {
        synchronized (disk) {
            requireOpen();
            return content.size();
        }
    }

    private void requireWritable() throws IOException {
        requireOpen();
        if (!writable) {
            throw new IOException("opened for reading only: " + path);
        }
    }

    private void requireOpen() throws IOException {
        disk.requireLife(life);
        disk.tick();
        if (closed) {
            throw new IOException("closed: " + path);
        }
    }

    @Override
    public void close() {
        closed = true;
    }
}
