package io.nodedb.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;

/** Puts requests together; one whose body is too large is refused with a body that says so. */
final class JsonAggregator extends HttpObjectAggregator {
    private final HttpAnswers answers;

    JsonAggregator(int maxBodyBytes, HttpAnswers answers) {
        super(maxBodyBytes, true);
        this.answers = answers;
    }

    @Override
    protected void handleOversizedMessage(ChannelHandlerContext context, HttpMessage oversized) {
        // What follows is the body that nobody reads.
        answers.refuseAndClose(context, tooLarge());
    }

    @Override
    protected @Nullable Object newContinueResponse(
            HttpMessage start, int maxContentLength, ChannelPipeline pipeline) {
        Object response = super.newContinueResponse(start, maxContentLength, pipeline);
        if (response instanceof FullHttpResponse refusal
                && refusal.status().equals(HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE)) {
            refusal.release();
            return answers.response(tooLarge(), false);
        }
        return response;
    }

    private Page tooLarge() {
        return Page.error(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "the request's body is too large: http_max_body=" + maxContentLength());
    }
}
