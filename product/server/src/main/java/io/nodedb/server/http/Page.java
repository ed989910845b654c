package io.nodedb.server.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.nodedb.base.ownership.Immutable;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** An answer: status, media type, body. */
@Immutable
@SuppressWarnings("ArrayRecordComponent") // made to be written once
record Page(HttpResponseStatus status, String contentType, byte[] body) {
    private static final JsonMapper JSON = new JsonMapper();

    static Page json(HttpResponseStatus status, Object content) {
        String text = JSON.writeValueAsString(content) + "\n";
        return new Page(status, "application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    /** A refusal, in one sentence. */
    static Page error(HttpResponseStatus status, String message) {
        return json(status, Map.of("error", new Refusal(status.code(), message)));
    }

    /** What an error's body holds. */
    record Refusal(int status, String message) {}
}
