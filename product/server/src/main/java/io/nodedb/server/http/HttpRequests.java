package io.nodedb.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.handler.timeout.IdleStateEvent;
import io.nodedb.base.ownership.ControlPlane;
import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Answers the requests of one connection, one after the other. */
@ControlPlane
@SuppressWarnings("FutureReturnValueIgnored") // closing can't fail in a way that matters
final class HttpRequests extends SimpleChannelInboundHandler<FullHttpRequest> {
    private static final Logger LOG = System.getLogger(HttpRequests.class.getName());

    private final HttpPages pages;
    private final HttpAnswers answers;
    private final RequestDeadline deadline;

    HttpRequests(HttpPages pages, HttpAnswers answers, RequestDeadline deadline) {
        this.pages = pages;
        this.answers = answers;
        this.deadline = deadline;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext context, FullHttpRequest request) {
        deadline.met();
        if (request.decoderResult().isFailure()) {
            answers.refuseAndClose(context, malformed(request.decoderResult().cause()));
            return;
        }
        answers.answer(context, request, pageFor(request));
    }

    private Page pageFor(FullHttpRequest request) {
        @Nullable Function<FullHttpRequest, Page> page = pages.find(request);
        if (page == null) {
            return Page.error(
                    HttpResponseStatus.NOT_FOUND,
                    "there is nothing here; there are /health, /health/ready and /metrics");
        }
        boolean reads =
                request.method().equals(HttpMethod.GET) || request.method().equals(HttpMethod.HEAD);
        if (!reads) {
            return Page.error(
                    HttpResponseStatus.METHOD_NOT_ALLOWED,
                    "only GET and HEAD: method=" + request.method());
        }
        return page.apply(request);
    }

    private static Page malformed(Throwable cause) {
        return switch (cause) {
            case TooLongHttpHeaderException ignored ->
                    Page.error(
                            HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
                            "the request's header is larger than http_max_header");
            case TooLongHttpLineException ignored ->
                    Page.error(
                            HttpResponseStatus.REQUEST_URI_TOO_LONG,
                            "the request's first line is longer than http_max_header");
            default ->
                    Page.error(
                            HttpResponseStatus.BAD_REQUEST,
                            "this is no HTTP request that is understood");
        };
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) throws Exception {
        if (event instanceof IdleStateEvent) {
            context.close();
        } else if (event == RequestDeadline.PASSED) {
            answers.refuseAndClose(
                    context,
                    Page.error(
                            HttpResponseStatus.REQUEST_TIMEOUT,
                            "the request took longer to come in than http_request_timeout"));
        } else {
            super.userEventTriggered(context, event);
        }
    }

    /** A client that went away is no news; anything else is a bug. */
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
        if (cause instanceof IOException) {
            context.close();
            return;
        }
        LOG.log(Level.ERROR, "an HTTP request failed unexpectedly", cause);
        answers.refuseAndClose(
                context,
                Page.error(
                        HttpResponseStatus.INTERNAL_SERVER_ERROR,
                        "the request failed unexpectedly; the server's log says more"));
    }
}
