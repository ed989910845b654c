package io.nodedb.data.rules;

import io.nodedb.data.harness.CoreHarness;
import io.nodedb.os.disk.DiskFullException;
import io.nodedb.simulator.disk.DiskCall;
import java.io.IOException;
import java.util.EnumSet;

/** Ways in which the disk below the log goes wrong. */
final class DiskFaults {
    private DiskFaults() {}

    /** No further segment can be made; what is there can be written. */
    static void full(CoreHarness db) {
        db.disk.failFromNth(
                EnumSet.of(DiskCall.CREATE, DiskCall.ALLOCATE), 1, DiskFullException::new);
    }

    /** Every write and sync fails from now on. */
    static void broken(CoreHarness db) {
        db.disk.failFromNth(EnumSet.of(DiskCall.WRITE, DiskCall.SYNC), 1, IOException::new);
    }

    /** Every sync fails from now on. */
    static void syncsFail(CoreHarness db) {
        db.disk.failFromNth(EnumSet.of(DiskCall.SYNC), 1, IOException::new);
    }
}
