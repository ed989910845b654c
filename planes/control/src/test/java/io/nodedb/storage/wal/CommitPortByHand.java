package io.nodedb.storage.wal;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The writer's side of a real commit port, driven by a test. */
public final class CommitPortByHand {
    private final CommitPort port;

    public CommitPortByHand(CommitPort port) {
        this.port = port;
    }

    /** The oldest decision that was handed over, or null. */
    public @Nullable CommitRequest take() {
        return port.take();
    }

    public void answer(CommitRequest request, long lsn, int error) {
        request.answer(lsn, error);
        port.answer(request);
        port.ringCoordinator();
    }

    /** The cores that hear the decision. */
    public static List<Integer> cores(CommitRequest request) {
        List<Integer> cores = new ArrayList<>();
        for (int i = 0; i < request.coreCount(); i++) {
            cores.add(request.coreAt(i));
        }
        return cores;
    }

    /** Where each core's ring must be drained to. */
    public static List<Long> ringPositions(CommitRequest request) {
        List<Long> positions = new ArrayList<>();
        for (int i = 0; i < request.coreCount(); i++) {
            positions.add(request.ringPositionAt(i));
        }
        return positions;
    }

    public static List<Integer> partitions(CommitRequest request) {
        List<Integer> partitions = new ArrayList<>();
        for (int i = 0; i < request.partitionCount(); i++) {
            partitions.add(request.partitionAt(i));
        }
        return partitions;
    }

    public static int flags(CommitRequest request) {
        return request.flags();
    }
}
