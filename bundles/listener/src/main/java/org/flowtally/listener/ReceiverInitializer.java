// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelConfig;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.camel.component.netty.NettyConsumer;
import org.apache.camel.component.netty.ServerInitializerFactory;
import org.jspecify.annotations.Nullable;

/** The maker of a channel whose only handler is a {@link DatagramReceiver}. */
final class ReceiverInitializer extends ServerInitializerFactory {
    private final Reception reception;
    private final InstantSource clock;
    private final Consumer<Channel> opening;
    private final Runnable closed;
    private final @Nullable NettyConsumer consumer;

    /**
     * Makes what a route's parameter refers to.
     *
     * @param opening told of the channel before it is bound
     * @param closed told when the socket was closed, by whomever
     */
    ReceiverInitializer(Reception reception, InstantSource clock, Consumer<Channel> opening, Runnable closed) {
        this(reception, clock, opening, closed, null);
    }

    private ReceiverInitializer(
            Reception reception,
            InstantSource clock,
            Consumer<Channel> opening,
            Runnable closed,
            @Nullable NettyConsumer consumer) {
        this.reception = reception;
        this.clock = clock;
        this.opening = opening;
        this.closed = closed;
        this.consumer = consumer;
    }

    @Override
    public ServerInitializerFactory createPipelineFactory(NettyConsumer ofRoute) {
        return new ReceiverInitializer(reception, clock, opening, closed, ofRoute);
    }

    @Override
    protected void initChannel(Channel channel) {
        DatagramReceiver receiver = new DatagramReceiver(Objects.requireNonNull(consumer), reception, clock, closed);
        ChannelConfig config = channel.config();
        // Set here and not as an option: later the first read loop would go by Netty's own allocator.
        config.setRecvByteBufAllocator(receiver.ring());
        config.setAutoRead(false); // The receiver says when to read.
        channel.pipeline().addLast(receiver);
        opening.accept(channel);
    }
}
