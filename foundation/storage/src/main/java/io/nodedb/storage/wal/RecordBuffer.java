package io.nodedb.storage.wal;

import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.bytes.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Holds one record that was read by itself. Single-threaded, reusable; grows to the largest. */
final class RecordBuffer {
    private final RecordReader record = new RecordReader();
    private byte[] bytes = new byte[4096];

    /** False when no whole, undamaged record stands at this offset. */
    boolean read(DiskFile file, long offset) throws IOException {
        int got = file.read(offset, ByteBuffer.wrap(bytes));
        if (got < RecordFormat.HEADER_BYTES) {
            return false;
        }
        int length = LittleEndian.getInt(bytes, RecordFormat.LENGTH_OFFSET);
        if (length > got) {
            if (length > file.size() - offset) {
                return false;
            }
            bytes = new byte[length];
            got = file.read(offset, ByteBuffer.wrap(bytes));
        }
        return record.wrap(bytes, 0, got) && record.checksumMatches();
    }

    RecordReader record() {
        return record;
    }
}
