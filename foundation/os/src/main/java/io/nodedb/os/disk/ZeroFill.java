package io.nodedb.os.disk;

import io.nodedb.base.errors.Check;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;

/** Lengthens the files of a {@link FileSystemDisk} with zeros that are really written. */
final class ZeroFill {
    /** Large enough that the number of calls does not matter. */
    static final int WRITE_BYTES = 1 << 20;

    private static final ByteBuffer ZEROS =
            ByteBuffer.allocateDirect(WRITE_BYTES).asReadOnlyBuffer();

    private ZeroFill() {}

    /** As {@link DiskFile#allocate}. */
    static void lengthen(DiskFile file, Path path, long lengthBytes) throws IOException {
        long before = file.size();
        Check.that(lengthBytes >= before, "a file is not cut by allocating", before, lengthBytes);
        if (lacksRoom(path, lengthBytes - before)) {
            throw DiskErrors.full(path + " bytes=" + (lengthBytes - before), null);
        }
        try {
            for (long at = before; at < lengthBytes; ) {
                int bytes = (int) Math.min(WRITE_BYTES, lengthBytes - at);
                file.write(at, ZEROS.slice(0, bytes));
                at += bytes;
            }
        } catch (DiskFullException e) {
            // What was taken in vain would leave the disk full for everyone else.
            file.truncate(before);
            throw e;
        }
    }

    static boolean lacksRoom(Path path, long bytes) {
        try {
            return Files.getFileStore(path).getUsableSpace() < bytes;
        } catch (IOException e) {
            return false;
        }
    }
}
