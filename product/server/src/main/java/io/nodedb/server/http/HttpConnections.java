package io.nodedb.server.http;

import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.timeout.IdleStateHandler;
import io.nodedb.base.ownership.ControlPlane;
import io.nodedb.base.settings.Settings;
import io.nodedb.server.ServerSettings;
import io.nodedb.server.ServerState;
import java.util.concurrent.TimeUnit;

/** Sets up connections, up to a limit. */
@ControlPlane
@SuppressWarnings("FutureReturnValueIgnored") // closing can't fail in a way that matters
final class HttpConnections extends ChannelInitializer<Channel> {
    private final int maxConnections;
    private final int maxHeader;
    private final int maxBody;
    private final long idleNanos;
    private final long requestNanos;
    private final ChannelGroup open;
    private final HttpPages pages;
    private final HttpAnswers answers = new HttpAnswers();

    HttpConnections(Settings settings, ServerState state, ChannelGroup open) {
        this.maxConnections = settings.get(ServerSettings.HTTP_MAX_CONNECTIONS);
        this.maxHeader = Math.toIntExact(settings.get(ServerSettings.HTTP_MAX_HEADER));
        this.maxBody = Math.toIntExact(settings.get(ServerSettings.HTTP_MAX_BODY));
        this.idleNanos = settings.nanos(ServerSettings.HTTP_IDLE_TIMEOUT);
        this.requestNanos = settings.nanos(ServerSettings.HTTP_REQUEST_TIMEOUT);
        this.open = open;
        this.pages =
                new HttpPages(state, new BasicAuthorization(settings.get(ServerSettings.PASSWORD)));
    }

    @Override
    protected void initChannel(Channel channel) {
        if (open.size() >= maxConnections) {
            channel.close();
            return;
        }
        // A closed channel leaves the group by itself.
        boolean _ = open.add(channel);
        HttpDecoderConfig limits =
                new HttpDecoderConfig()
                        .setMaxInitialLineLength(maxHeader)
                        .setMaxHeaderSize(maxHeader);
        RequestDeadline deadline = new RequestDeadline(requestNanos);
        channel.pipeline()
                .addLast(new IdleStateHandler(0, 0, idleNanos, TimeUnit.NANOSECONDS))
                .addLast(deadline)
                .addLast(new HttpServerCodec(limits))
                .addLast(new JsonAggregator(maxBody, answers))
                .addLast(new HttpRequests(pages, answers, deadline));
    }
}
