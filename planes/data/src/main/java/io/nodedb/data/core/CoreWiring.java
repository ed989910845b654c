package io.nodedb.data.core;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.memory.MemoryGovernor;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.bridge.lane.LanePort;
import io.nodedb.data.commit.LocalCoordinator;
import io.nodedb.data.failure.Failures;
import io.nodedb.data.maintenance.CheckpointService;
import io.nodedb.data.offload.CoreInbox;
import io.nodedb.data.offload.HelperPool;
import io.nodedb.plan.Call;
import io.nodedb.storage.feed.EventRingWriter;
import io.nodedb.storage.snapshot.SnapshotRegistry;
import io.nodedb.storage.wal.CoreLog;
import java.util.List;
import java.util.random.RandomGenerator;

/** Everything that a core is given before it starts. */
@Immutable
public record CoreWiring(
        int core,
        TimeSource time,
        RandomGenerator random,
        CoreSettings settings,
        List<LanePort<Call>> ports,
        CoreLog log,
        int maxRecordBytes,
        LogView logView,
        LocalCoordinator coordinator,
        SnapshotRegistry snapshots,
        MemoryGovernor governor,
        Failures failures,
        CoreInbox inbox,
        HelperPool readers,
        EventRingWriter events,
        int eventStage,
        CheckpointService checkpoints) {}
