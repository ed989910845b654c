package io.nodedb.control;

import io.nodedb.base.clock.TimeSource;
import io.nodedb.base.ownership.Immutable;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.control.port.CallerWait;
import io.nodedb.control.port.CollectionDrain;
import io.nodedb.control.port.DataPlanePort;
import io.nodedb.control.port.LogPort;
import io.nodedb.plan.Call;
import io.nodedb.storage.snapshot.SnapshotRegistry;
import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;

/**
 * What the Control Plane is wired to.
 *
 * @param lane the shared lane, which the Control Plane takes over
 * @param randomBelow a number from 0 to below its argument; callable from every thread
 * @param txnIds numbers that no other transaction of this start has, none of them 0; callable from
 *     every thread
 */
@Immutable
public record ControlPorts(
        Lane<Call> lane,
        DataPlanePort dataPlane,
        LogPort log,
        SnapshotRegistry snapshots,
        CollectionDrain drain,
        TimeSource time,
        CallerWait callerWait,
        LongUnaryOperator randomBelow,
        LongSupplier txnIds) {}
