package io.nodedb.server.http;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import io.nodedb.base.ownership.ControlPlane;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Bounds how long a request may take to come in, so that a client that sends a byte now and then,
 * and so is never silent, can't hold a connection. Time runs from the first byte of a request until
 * {@link #met}; when it is over, {@link #PASSED} goes up the pipeline.
 *
 * <p>What came along with the end of the request before begins a request at its next byte; until
 * then the bound on silence holds.
 */
@ControlPlane
final class RequestDeadline extends ChannelInboundHandlerAdapter {
    /** The event that tells that time is over. */
    static final Object PASSED = new Object();

    private final long limitNanos;
    private @Nullable Future<?> running;

    RequestDeadline(long limitNanos) {
        this.limitNanos = limitNanos;
    }

    @Override
    public void channelRead(ChannelHandlerContext context, Object bytes) {
        if (running == null) {
            running =
                    context.executor()
                            .schedule(() -> passed(context), limitNanos, TimeUnit.NANOSECONDS);
        }
        context.fireChannelRead(bytes);
    }

    private void passed(ChannelHandlerContext context) {
        running = null;
        context.fireUserEventTriggered(PASSED);
    }

    /** The request is whole. */
    void met() {
        Future<?> deadline = running;
        running = null;
        if (deadline != null) {
            boolean ignored = deadline.cancel(false);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        met();
        context.fireChannelInactive();
    }
}
