package io.nodedb.bridge.lane;

import io.nodedb.base.errors.ErrorCode;
import java.util.ArrayList;
import java.util.List;

/** Keeps what it is told. */
final class RecordingHandler implements ResponseHandler<long[]> {
    final List<Chunk> partial = new ArrayList<>();
    final List<Request<long[]>> answered = new ArrayList<>();
    final List<Request<long[]>> expired = new ArrayList<>();
    final List<ErrorCode> codes = new ArrayList<>();

    @Override
    public void onPartial(Chunk chunk) {
        partial.add(chunk);
    }

    @Override
    public void onFinal(Request<long[]> request) {
        answered.add(request);
    }

    @Override
    public void onExpired(Request<long[]> request, ErrorCode code) {
        expired.add(request);
        codes.add(code);
    }
}
