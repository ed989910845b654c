package io.nodedb.storage.wal;

import io.nodedb.os.disk.DiskFile;
import io.nodedb.storage.bytes.LittleEndian;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * Reads one group into its own buffer and checks it: header and payload are those that were written
 * at this position, or {@link #read} says false. Single-threaded, reusable.
 */
final class GroupReader {
    /** One read brings the header and, for most groups, the whole payload. */
    private static final int FIRST_READ_BYTES = 4096;

    private final long databaseId;
    private final CRC32C crc = new CRC32C();
    private byte[] bytes = new byte[FIRST_READ_BYTES];
    private ByteBuffer view = ByteBuffer.wrap(bytes);
    private long position;

    GroupReader(long databaseId) {
        this.databaseId = databaseId;
    }

    /** True when a whole, undamaged group stands at {@code at} in this segment. */
    boolean read(DiskFile file, Segment segment, long at) throws IOException {
        if (at + GroupFormat.HEADER_BYTES > segment.end()) {
            return false;
        }
        position = at;
        long offset = at - segment.base();
        view.limit(FIRST_READ_BYTES).position(0);
        int got = file.read(offset, view);
        if (got < GroupFormat.HEADER_BYTES
                || !GroupFormat.isHeader(bytes, 0, at, databaseId, crc)) {
            return false;
        }
        int payload = payloadLength();
        if (payload < 0
                || payload % GroupFormat.ALIGNMENT != 0
                || end() > segment.end()
                || offset + GroupFormat.HEADER_BYTES + payload > file.size()) {
            return false;
        }
        int length = GroupFormat.HEADER_BYTES + payload;
        if (length > got) {
            ensureRoom(length);
            view.limit(length).position(got);
            if (file.read(offset + got, view) < length - got) {
                return false;
            }
        }
        return GroupFormat.payloadMatches(bytes, 0, bytes, GroupFormat.HEADER_BYTES, payload, crc);
    }

    private void ensureRoom(int length) {
        if (length > bytes.length) {
            int rounded = Math.max(length, Math.min(bytes.length * 2, Integer.MAX_VALUE / 2));
            bytes = Arrays.copyOf(bytes, rounded);
            view = ByteBuffer.wrap(bytes);
        }
    }

    /** Header and payload; valid until the next {@link #read}. */
    byte[] bytes() {
        return bytes;
    }

    long position() {
        return position;
    }

    /** Position after the group. */
    long end() {
        return position + GroupFormat.HEADER_BYTES + payloadLength();
    }

    int payloadLength() {
        return LittleEndian.getInt(bytes, GroupFormat.PAYLOAD_LENGTH_OFFSET);
    }

    int recordCount() {
        return LittleEndian.getInt(bytes, GroupFormat.RECORD_COUNT_OFFSET);
    }

    long incarnation() {
        return LittleEndian.getLong(bytes, GroupFormat.INCARNATION_OFFSET);
    }

    long syncedBefore() {
        return LittleEndian.getLong(bytes, GroupFormat.SYNCED_BEFORE_OFFSET);
    }

    long previousEnd() {
        return LittleEndian.getLong(bytes, GroupFormat.PREVIOUS_END_OFFSET);
    }
}
