package io.nodedb.bridge.ring;

/** Length of the two-thread tests. */
final class Stress {
    private static final int LONG_FORM_FACTOR = 20;

    private Stress() {}

    /** The other side must run before this one can go on, perhaps on the same processor. */
    @SuppressWarnings("ThreadPriorityCheck") // it is about fairness, not about correctness
    static void letOtherRun() {
        Thread.yield();
    }

    static long messages(long shortForm) {
        boolean longForm = System.getProperty("nodedb.long", "").equals("rings");
        return longForm ? shortForm * LONG_FORM_FACTOR : shortForm;
    }
}
