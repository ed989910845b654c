package io.nodedb.storage.wal;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.WalOwned;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;

/** The group being put together, in the direct memory that is written. Allocates nothing. */
@WalOwned
final class GroupBuffer {
    private final ByteBuffer bytes;
    private final CRC32C crc = new CRC32C();
    private int limit;
    private int length;
    private int records;

    GroupBuffer(int capacity) {
        bytes = ByteBuffer.allocateDirect(capacity).order(ByteOrder.LITTLE_ENDIAN);
    }

    /** Starts an empty group for which the segment has {@code room} bytes. */
    void begin(long room) {
        limit = (int) Math.min(bytes.capacity(), room);
        length = GroupFormat.HEADER_BYTES;
        records = 0;
        bytes.clear();
    }

    boolean fits(int recordBytes) {
        return length + RecordFormat.aligned(recordBytes) <= limit;
    }

    void append(byte[] record, int offset, int recordBytes) {
        Check.that(fits(recordBytes), "the record fits the group", recordBytes);
        bytes.put(length, record, offset, recordBytes);
        int end = length + RecordFormat.aligned(recordBytes);
        for (int at = length + recordBytes; at < end; at++) {
            bytes.put(at, (byte) 0);
        }
        length = end;
        records++;
    }

    /** Completes the header; the returned buffer is what has to be written. */
    ByteBuffer seal(
            long position, long databaseId, long incarnation, long syncedBefore, long previousEnd) {
        GroupFormat.seal(
                bytes,
                length,
                position,
                databaseId,
                incarnation,
                syncedBefore,
                previousEnd,
                records,
                crc);
        return bytes;
    }

    /** Header and records so far. */
    int length() {
        return length;
    }

    int records() {
        return records;
    }
}
