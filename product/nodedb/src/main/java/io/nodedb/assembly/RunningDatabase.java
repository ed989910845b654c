package io.nodedb.assembly;

import io.nodedb.Health;
import io.nodedb.base.metrics.MetricRegistry;
import io.nodedb.control.ControlPlane;
import io.nodedb.control.port.ChangePort;

/** An open database with its threads, as the public API drives it. Callable from every thread. */
public interface RunningDatabase extends AutoCloseable {
    ControlPlane control();

    ChangePort changes();

    Health health();

    BackupPort backups();

    MetricRegistry metrics();

    /**
     * Refuses new work, finishes what runs (at most {@code stop_limit}), takes a checkpoint and
     * releases everything. Nothing happens when it is closed.
     */
    @Override
    void close();
}
