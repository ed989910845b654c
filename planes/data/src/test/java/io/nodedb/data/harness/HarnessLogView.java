package io.nodedb.data.harness;

import io.nodedb.data.core.LogView;
import io.nodedb.storage.wal.WalWriter;
import java.util.function.BooleanSupplier;

/** The log as the cores see it. */
final class HarnessLogView implements LogView {
    private final WalWriter writer;
    private final BooleanSupplier writerIsFaster;

    HarnessLogView(WalWriter writer, BooleanSupplier writerIsFaster) {
        this.writer = writer;
        this.writerIsFaster = writerIsFaster;
    }

    /** The writer may go on right after it was asked, as it does on its own thread. */
    @Override
    public long durableLsn() {
        long lsn = writer.progress().durableLsn();
        if (writerIsFaster.getAsBoolean()) {
            writer.step();
        }
        return lsn;
    }

    @Override
    public long syncedLsn() {
        return writer.progress().syncedLsn();
    }

    @Override
    public boolean failed() {
        return writer.failed();
    }

    @Override
    public String failure() {
        return String.valueOf(writer.failure());
    }

    @Override
    public boolean refusing() {
        return writer.refusing();
    }

    @Override
    public long position() {
        return writer.progress().durablePosition();
    }
}
