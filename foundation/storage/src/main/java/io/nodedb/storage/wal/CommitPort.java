package io.nodedb.storage.wal;

import io.nodedb.base.errors.Check;
import io.nodedb.base.ownership.Shared;
import io.nodedb.bridge.ring.SpscRing;
import io.nodedb.bridge.wake.Doorbell;
import org.jspecify.annotations.Nullable;

/**
 * Where one coordinator (a lane) meets the log's writer: decisions down, answers back. At most as
 * many are outstanding as each ring holds, so an answer always finds room.
 */
@Shared("single-producer single-consumer rings; one side per thread")
public final class CommitPort {
    private final SpscRing<CommitRequest> requests;
    private final SpscRing<CommitRequest> answers;
    private final int capacity;
    private final Doorbell coordinatorBell;
    private final Doorbell writerBell;
    private int outstanding;

    /** {@code capacity} is a power of two. */
    public CommitPort(int capacity, Doorbell coordinatorBell, Doorbell writerBell) {
        this.requests = new SpscRing<>(capacity);
        this.answers = new SpscRing<>(capacity);
        this.capacity = capacity;
        this.coordinatorBell = coordinatorBell;
        this.writerBell = writerBell;
    }

    /** Coordinator: hands a decision over, without waking anybody; false when the port is full. */
    public boolean submit(CommitRequest request) {
        if (outstanding == capacity || !requests.offer(request)) {
            return false;
        }
        outstanding++;
        return true;
    }

    /** Coordinator: wakes the writer if it sleeps; once per batch. */
    public void flush() {
        writerBell.ring();
    }

    /** Coordinator: the next answered decision, or null. */
    public @Nullable CommitRequest poll() {
        CommitRequest answered = answers.poll();
        if (answered != null) {
            outstanding--;
        }
        return answered;
    }

    /** Coordinator: is there an answer? To be asked before it sleeps. */
    public boolean hasAnswers() {
        return !answers.isEmpty();
    }

    int capacity() {
        return capacity;
    }

    /** Writer. */
    boolean hasRequests() {
        return !requests.isEmpty();
    }

    /** Writer. */
    @Nullable CommitRequest take() {
        return requests.poll();
    }

    /** Writer. */
    void answer(CommitRequest request) {
        Check.that(answers.offer(request), "answers are never lost", capacity);
    }

    /** Writer. */
    void ringCoordinator() {
        coordinatorBell.ring();
    }
}
