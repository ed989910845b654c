package io.nodedb.storage.wal;

/** The writer and its keeper, stepped in turn by one thread. */
final class WalSteps {
    private WalSteps() {}

    /** One step of each. @return false when neither had anything to do */
    static boolean step(WalWriter writer, WalKeeper keeper) {
        boolean worked = writer.step();
        worked |= keeper.step();
        return worked;
    }
}
