package io.nodedb.data.offload;

import org.jspecify.annotations.Nullable;

/**
 * Work for a helper thread, and what the core does with its outcome. Exceptions of the work reach
 * the continuation; they never end the helper. It may be submitted again from its continuation on.
 */
public abstract class HelperJob {
    private final CoreInbox inbox;
    private @Nullable Throwable failure;

    protected HelperJob(CoreInbox inbox) {
        this.inbox = inbox;
    }

    /** Runs on a helper; may block; touches nothing that a core owns. */
    protected abstract void work() throws Exception;

    /** Runs on the core afterwards; {@code failure} is what {@link #work} threw. */
    protected abstract void finished(@Nullable Throwable failure);

    final void runOnHelper() {
        failure = null;
        try {
            work();
        } catch (Throwable thrown) {
            failure = thrown;
        }
        inbox.post(() -> finished(failure));
    }
}
