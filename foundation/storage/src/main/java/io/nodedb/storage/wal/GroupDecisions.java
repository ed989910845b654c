package io.nodedb.storage.wal;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.base.ownership.WalOwned;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The coordinators' decisions: takes them from the ports in turn, keeps those that are in the
 * present group, answers them when it lasts. Allocates nothing.
 */
@WalOwned
final class GroupDecisions {
    /** Decisions per group, beside what else bounds it. */
    private static final int MAX_GROUP_DECISIONS = 4096;

    private final CommitPort[] ports;
    private final boolean[] touched;
    private final CommitRequest[] decided = new CommitRequest[MAX_GROUP_DECISIONS];
    private final int[] decidedAt = new int[MAX_GROUP_DECISIONS];
    private int count;
    private @Nullable CommitRequest current;
    private int currentPort;
    private int nextPort;

    GroupDecisions(List<CommitPort> commitPorts) {
        ports = commitPorts.toArray(CommitPort[]::new);
        touched = new boolean[ports.length];
    }

    boolean waiting() {
        if (current != null) {
            return true;
        }
        for (CommitPort port : ports) {
            if (port.hasRequests()) {
                return true;
            }
        }
        return false;
    }

    /** The decision that did not fit the group before, or the next one; null when there is none. */
    @Nullable CommitRequest next() {
        for (int i = 0; current == null && i < ports.length; i++) {
            currentPort = nextPort;
            nextPort = nextPort + 1 == ports.length ? 0 : nextPort + 1;
            current = ports[currentPort].take();
        }
        return current;
    }

    boolean hasRoom() {
        return count < MAX_GROUP_DECISIONS;
    }

    /** The decision that {@link #next} gave is in the group. */
    void inGroup(CommitRequest request) {
        decided[count] = request;
        decidedAt[count] = currentPort;
        count++;
        current = null;
    }

    /** The group lasts: every decision in it is answered as the sequencer filled it in. */
    void answer() {
        for (int i = 0; i < count; i++) {
            answer(decidedAt[i], decided[i]);
        }
        count = 0;
        ring();
    }

    /** The group failed: whether its decisions are in the log shows at the next start. */
    void answerUnknown() {
        for (int i = 0; i < count; i++) {
            decided[i].answer(0, ErrorCode.OUTCOME_UNKNOWN.number());
        }
        answer();
    }

    /** After the log failed: the decision that {@link #next} gave is certainly not in it. */
    void refuse(CommitRequest request) {
        current = null;
        request.answer(0, ErrorCode.STORAGE_FAILED.number());
        answer(currentPort, request);
    }

    private void answer(int port, CommitRequest request) {
        ports[port].answer(request);
        touched[port] = true;
    }

    /** Wakes each coordinator that got an answer, once. */
    void ring() {
        for (int i = 0; i < ports.length; i++) {
            if (touched[i]) {
                touched[i] = false;
                ports[i].ringCoordinator();
            }
        }
    }
}
