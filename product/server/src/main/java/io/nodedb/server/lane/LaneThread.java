package io.nodedb.server.lane;

import io.nodedb.base.ownership.Shared;

/** The thread {@code lane-N} of a lane that no core drives. */
@Shared("volatile stop flag; everything else is the thread's")
final class LaneThread {
    private final LaneLoop loop;
    private final Thread thread;
    private volatile boolean stopping;

    LaneThread(LaneLoop loop) {
        this.loop = loop;
        thread =
                Thread.ofPlatform().name("lane-" + loop.number()).daemon(true).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    /** Any thread: ends the loop after its step. */
    void stop() {
        stopping = true;
        loop.wakeup().signal();
    }

    private void run() {
        loop.begin();
        while (!stopping) {
            if (!loop.step()) {
                loop.sleep();
            }
        }
        loop.end();
    }
}
