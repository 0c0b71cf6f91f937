// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.group.ChannelGroup;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.ServerInitializerFactory;
import org.flowtally.lib.report.QuietLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The maker of connections: each that is let in ends in a {@link ConnectionReceiver}, behind TLS where that is wanted. */
final class ConnectionInitializer extends ServerInitializerFactory {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectionInitializer.class);

    private final Reception reception;
    private final InstantSource clock;
    private final EventLoop loop;
    private final ChannelGroup channels;
    private final Supplier<Optional<SslContext>> security;
    private final Consumer<ConnectionHub> made;
    private final QuietLog quiet;
    private final @Nullable BatchCourier courier;
    private final @Nullable ConnectionHub hub;

    /**
     * Makes what a route's parameter refers to.
     *
     * @param channels what the route closes when it stops
     * @param security what connections are secured by, asked for each; empty if they are not
     * @param made told of what keeps the connections, once, before there is any
     */
    ConnectionInitializer(
            Reception reception,
            InstantSource clock,
            EventLoop loop,
            ChannelGroup channels,
            Supplier<Optional<SslContext>> security,
            Consumer<ConnectionHub> made) {
        this(reception, clock, loop, channels, security, made, new QuietLog(LOG, clock), null, null);
    }

    private ConnectionInitializer(
            Reception reception,
            InstantSource clock,
            EventLoop loop,
            ChannelGroup channels,
            Supplier<Optional<SslContext>> security,
            Consumer<ConnectionHub> made,
            QuietLog quiet,
            @Nullable BatchCourier courier,
            @Nullable ConnectionHub hub) {
        this.reception = reception;
        this.clock = clock;
        this.loop = loop;
        this.channels = channels;
        this.security = security;
        this.made = made;
        this.quiet = quiet;
        this.courier = courier;
        this.hub = hub;
    }

    @Override
    public ServerInitializerFactory createPipelineFactory(NettyConsumer ofRoute) {
        BatchCourier courierOfRoute = new BatchCourier(ofRoute, reception, quiet);
        ConnectionHub hubOfRoute = new ConnectionHub(courierOfRoute, reception, clock, quiet, loop);
        made.accept(hubOfRoute);
        return new ConnectionInitializer(
                reception, clock, loop, channels, security, made, quiet, courierOfRoute, hubOfRoute);
    }

    @Override
    protected void initChannel(Channel channel) {
        ConnectionHub keeper = hub;
        BatchCourier carrier = courier;
        if (keeper == null
                || carrier == null
                || keeper.isDraining()
                || !(channel.remoteAddress() instanceof InetSocketAddress sender)
                || !keeper.admits(sender)) {
            ConnectionHub.close(channel);
            return;
        }
        ConnectionReceiver receiver = new ConnectionReceiver(keeper, reception, carrier, quiet, sender);
        ChannelConfig config = channel.config();
        config.setAllocator(PooledByteBufAllocator.DEFAULT);
        config.setRecvByteBufAllocator(new FixedRecvByteBufAllocator(ConnectionHub.READ_OCTETS).maxMessagesPerRead(1));
        config.setAutoRead(false); // The receiver says when to read.
        security.get().ifPresent(secured -> channel.pipeline().addLast(secured.newHandler(channel.alloc())));
        channel.pipeline().addLast(receiver);
        channels.add(channel);
        keeper.opened(receiver);
    }
}
