package io.nodedb.assembly;

import io.nodedb.base.ownership.Shared;
import io.nodedb.control.port.LogPort;
import io.nodedb.data.core.LogView;
import io.nodedb.storage.wal.CommitPort;
import io.nodedb.storage.wal.WalProgress;
import io.nodedb.storage.wal.WalWriter;

/** The log's state as the cores and the Control Plane see it. */
@Shared("volatile reads; the commit port is the lane thread's")
final class WriterView implements LogView, LogPort {
    private final WalWriter writer;
    private final WalProgress progress;
    private final CommitPort port;

    WriterView(WalWriter writer, CommitPort port) {
        this.writer = writer;
        this.progress = writer.progress();
        this.port = port;
    }

    @Override
    public CommitPort commits() {
        return port;
    }

    @Override
    public long ackingLsn() {
        return progress.ackingLsn();
    }

    @Override
    public long durableLsn() {
        return progress.durableLsn();
    }

    @Override
    public long syncedLsn() {
        return progress.syncedLsn();
    }

    @Override
    public boolean failed() {
        return writer.failed();
    }

    @Override
    public String failure() {
        Throwable cause = writer.failure();
        return cause == null ? "none" : String.valueOf(cause.getMessage());
    }

    @Override
    public boolean refusing() {
        return writer.refusing();
    }

    @Override
    public long position() {
        return progress.durablePosition();
    }
}
