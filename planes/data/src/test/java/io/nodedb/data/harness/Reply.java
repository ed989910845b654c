package io.nodedb.data.harness;

import static org.assertj.core.api.Assertions.assertThat;

import io.nodedb.base.errors.ErrorCode;
import io.nodedb.bridge.lane.Chunk;
import io.nodedb.bridge.lane.Request;
import io.nodedb.bridge.lane.Status;
import io.nodedb.plan.Call;
import io.nodedb.plan.commit.ParticipantCall;
import io.nodedb.plan.kv.KvCall;
import io.nodedb.plan.kv.KvScanCall;
import io.nodedb.plan.kv.command.CommandBatchCall;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one request was answered. */
public final class Reply {
    /** While in flight, the request itself. */
    public final Request<Call> request;

    public boolean done;

    /** Answered by the tracker in the core's place. */
    public @Nullable ErrorCode expired;

    public @Nullable ErrorCode error;
    public @Nullable String message;
    public long retryAfterMillis;
    public long watermarkLsn;
    public boolean found;
    public boolean applied;
    public long number;
    public byte[] value = {};
    public long ringPosition;
    public boolean watchChanged;
    public int scanned;
    public boolean scanFinished;
    public long nextCursor;

    /** Order in which answers came. */
    public int place;

    public final List<Integer> chunkSequence = new ArrayList<>();
    private final ByteArrayOutputStream chunks = new ByteArrayOutputStream();

    Reply(Request<Call> request) {
        this.request = request;
    }

    void partial(Chunk chunk) {
        chunkSequence.add(chunk.sequence);
        chunks.write(chunk.bytes, 0, chunk.length);
    }

    void finish(Request<Call> answered, int atPlace) {
        assertThat(done).as("a request is answered once").isFalse();
        done = true;
        place = atPlace;
        error = answered.status == Status.OK ? null : ErrorCode.ofNumber(answered.errorCode);
        message = answered.message;
        retryAfterMillis = answered.retryAfterMillis;
        watermarkLsn = answered.watermarkLsn;
        if (answered.payload instanceof KvCall kv) {
            found = kv.found;
            applied = kv.applied;
            number = kv.resultNumber;
            value =
                    chunks.size() > 0
                            ? chunks.toByteArray()
                            : Arrays.copyOf(kv.result, Math.min(kv.resultLength, kv.result.length));
        } else if (answered.payload instanceof ParticipantCall participant) {
            ringPosition = participant.ringPosition;
            watchChanged = participant instanceof CommandBatchCall batch && batch.watchChanged;
        } else if (answered.payload instanceof KvScanCall scan) {
            scanned = scan.entries;
            scanFinished = scan.finished;
            nextCursor = scan.nextCursor;
        }
    }

    public String text() {
        return new String(value, StandardCharsets.UTF_8);
    }

    /** Asserts success. */
    public Reply ok() {
        assertThat(done).as("answered").isTrue();
        assertThat(error).as(message).isNull();
        return this;
    }

    /** Asserts this error. */
    public Reply failedWith(ErrorCode code) {
        assertThat(done).as("answered").isTrue();
        assertThat(error).as(message).isEqualTo(code);
        return this;
    }
}
