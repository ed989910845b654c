package io.nodedb.assembly;

import io.nodedb.base.ownership.Immutable;
import io.nodedb.bridge.lane.Lane;
import io.nodedb.control.port.LogPort;
import io.nodedb.plan.Call;
import java.util.function.LongSupplier;

/**
 * One lane of a front end; its parts belong to its thread.
 *
 * @param lane its way to the cores
 * @param log its coordinator's way to the log
 * @param txnIds numbers that no other transaction of this start has
 */
@Immutable
@SuppressWarnings("Immutable") // they are their thread's own
public record FrontLane(Lane<Call> lane, LogPort log, LongSupplier txnIds) {}
