package io.nodedb.bridge.interleavings;

import io.nodedb.bridge.ring.SpscRing;
import io.nodedb.bridge.wake.Duty;

/** Takes one piece of work a step; its count is plain, whoever does the duty owns it. */
final class OneStepDuty implements Duty {
    final SpscRing<String> work = new SpscRing<>(2);
    int steps;
    int taken;

    @Override
    public boolean step() {
        steps++;
        if (work.poll() == null) {
            return false;
        }
        taken++;
        return true;
    }

    @Override
    public boolean hasWork() {
        return !work.isEmpty();
    }

    @Override
    public long idleNanos() {
        return Long.MAX_VALUE / 4;
    }
}
