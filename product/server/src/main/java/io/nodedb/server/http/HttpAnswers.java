package io.nodedb.server.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.nodedb.base.ownership.ControlPlane;

/** Writes pages to connections. */
@ControlPlane
@SuppressWarnings("FutureReturnValueIgnored") // a write that fails closes the connection
final class HttpAnswers {
    /** Answers a request; the connection stays open when its client wants that. */
    void answer(ChannelHandlerContext context, FullHttpRequest request, Page page) {
        boolean keepAlive = HttpUtil.isKeepAlive(request);
        FullHttpResponse response = response(page, keepAlive);
        HttpUtil.setKeepAlive(response, keepAlive);
        var written = context.writeAndFlush(response);
        if (!keepAlive) {
            written.addListener(ChannelFutureListener.CLOSE);
        }
    }

    /** Answers what was no whole request; what comes after it can't be understood. */
    void refuseAndClose(ChannelHandlerContext context, Page page) {
        context.writeAndFlush(response(page, false)).addListener(ChannelFutureListener.CLOSE);
    }

    FullHttpResponse response(Page page, boolean keepAlive) {
        FullHttpResponse response =
                new DefaultFullHttpResponse(
                        HttpVersion.HTTP_1_1, page.status(), Unpooled.wrappedBuffer(page.body()));
        response.headers()
                .set(HttpHeaderNames.CONTENT_TYPE, page.contentType())
                .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
                .setInt(HttpHeaderNames.CONTENT_LENGTH, page.body().length);
        if (page.status().equals(HttpResponseStatus.UNAUTHORIZED)) {
            response.headers()
                    .set(
                            HttpHeaderNames.WWW_AUTHENTICATE,
                            "Basic realm=\"nodedb\", charset=\"UTF-8\"");
        } else if (page.status().equals(HttpResponseStatus.METHOD_NOT_ALLOWED)) {
            response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
        }
        if (!keepAlive) {
            response.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
        }
        return response;
    }
}
