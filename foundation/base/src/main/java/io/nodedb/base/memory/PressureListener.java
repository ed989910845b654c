package io.nodedb.base.memory;

/** Told when the pressure level changes, on the thread that changed it: must be brief. */
@FunctionalInterface
public interface PressureListener {
    void pressureChanged(PressureLevel level);
}
