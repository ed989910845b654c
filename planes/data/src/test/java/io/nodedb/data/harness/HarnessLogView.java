package io.nodedb.data.harness;

import io.nodedb.data.core.LogView;
import io.nodedb.storage.wal.WalWriter;

/** The log as the cores see it. */
final class HarnessLogView implements LogView {
    private final WalWriter writer;

    HarnessLogView(WalWriter writer) {
        this.writer = writer;
    }

    @Override
    public long durableLsn() {
        return writer.progress().durableLsn();
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
