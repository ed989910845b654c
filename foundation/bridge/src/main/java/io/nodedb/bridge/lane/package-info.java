/**
 * Where the Control Plane's threads and the data cores meet. A {@link io.nodedb.bridge.lane.Lane}
 * belongs to one thread (an event loop, or {@code lane-shared} for all others, behind {@link
 * io.nodedb.bridge.lane.SharedLane}) and has one {@link io.nodedb.bridge.lane.LanePort} to every
 * core.
 *
 * <pre>
 *   lane                            port                               core
 *   acquire, fill, submit  ──▶  request ring    ──▶  take
 *   flush ───────────────── core's doorbell ───────▶ wakes
 *   poll, recycle          ◀──  response ring   ◀──  answer, pushPartial
 *   wakes ◀──────────────── lane's doorbell ──────── flushAnswers
 *   giveBack               ──▶  chunk ring      ──▶  takeFreeChunk
 * </pre>
 *
 * <p>A {@link io.nodedb.bridge.lane.Request} is question and reserved answer in one object; its
 * ownership moves with it, so pushing an answer can't fail and nothing is allocated once as many
 * requests as are ever outstanding have been made. Methods marked <em>lane</em> belong to the
 * lane's thread, those marked <em>core</em> to the core's.
 */
@NullMarked
package io.nodedb.bridge.lane;

import org.jspecify.annotations.NullMarked;
