/**
 * A server's lanes: each is one thread that reads and writes sockets and has its own way to the
 * cores. {@link io.nodedb.server.lane.LaneLoop} is one lane's duty, made either by a thread of its
 * own ({@link io.nodedb.server.lane.LaneThread}) or by a data core's thread between its turns;
 * {@link io.nodedb.server.lane.ServerLanes} makes them all and hands them to the database.
 *
 * <p>Everything that belongs to a lane (its channels, requests, replies) is touched by its thread
 * only.
 */
@NullMarked
package io.nodedb.server.lane;

import org.jspecify.annotations.NullMarked;
