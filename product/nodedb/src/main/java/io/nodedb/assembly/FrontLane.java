package io.nodedb.assembly;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.control.port.LogPort;
import io.nodedb.plan.Call;

/**
 * One lane of a front end; both parts belong to its thread.
 *
 * @param lane its way to the cores
 * @param log its coordinator's way to the log
 */
@Immutable
@SuppressWarnings("Immutable") // both are their thread's own
public record FrontLane(Lane<Call> lane, LogPort log) {}
