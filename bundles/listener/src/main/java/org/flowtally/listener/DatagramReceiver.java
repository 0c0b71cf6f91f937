// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DatagramPacket;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.apache.camel.component.netty.NettyConsumer;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.report.QuietLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The end of the channel: copies the datagrams of a read loop into a batch and sends the batch through the route, as one
 * exchange. After a loop that drained the socket reading rests for a moment, so that the next loop finds many datagrams
 * even where they arrive one by one: wake-ups cost more than all the rest.
 *
 * <p>Nothing is thrown to Netty, because camel-netty would close the socket. Owned by the event loop of one channel.
 */
final class DatagramReceiver extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(DatagramReceiver.class);

    private final Reception reception;
    private final InstantSource clock;
    private final Runnable closed;
    private final BatchCourier courier;
    private final ReceiveRing ring = new ReceiveRing();
    private EndpointSettings settings;
    private long nowMillis;
    private @Nullable InetSocketAddress lastSender;
    private long senderHigh;
    private long senderLow;
    private int senderPort;

    /**
     * Makes the end of a channel.
     *
     * @param closed told when the socket was closed, by whomever
     */
    DatagramReceiver(NettyConsumer consumer, Reception reception, InstantSource clock, Runnable closed) {
        this.reception = reception;
        this.clock = clock;
        this.closed = closed;
        this.courier = new BatchCourier(consumer, reception, new QuietLog(LOG, clock));
        this.settings = reception.settings();
    }

    ReceiveRing ring() {
        return ring;
    }

    @Override
    public void channelActive(ChannelHandlerContext context) {
        context.read();
    }

    @Override
    @SuppressWarnings("IllegalCatch") // An exception would close the socket.
    public void channelRead(ChannelHandlerContext context, Object message) {
        try {
            take((DatagramPacket) message);
        } catch (Throwable failure) {
            courier.failed(failure);
        }
    }

    @Override
    @SuppressWarnings({
        "IllegalCatch", // An exception would close the socket.
        "FutureReturnValueIgnored" // A closed channel needs no further read.
    })
    public void channelReadComplete(ChannelHandlerContext context) {
        try {
            handOver();
        } catch (Throwable failure) {
            courier.failed(failure);
        }
        int pauseMicros = reception.settings().readPauseMicros();
        if (pauseMicros > 0 && ring.isDrained()) {
            context.executor().schedule(context::read, pauseMicros, TimeUnit.MICROSECONDS);
        } else {
            context.read();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable failure) {
        courier.failed(failure);
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
        closed.run();
    }

    private void take(DatagramPacket packet) {
        ByteBuf payload = packet.content();
        int octets = payload.readableBytes();
        reception.datagrams().increment();
        reception.octets().add(octets);
        if (ReceiveRing.isCut(octets)) {
            reception.oversized().increment();
            return;
        }
        if (!courier.batch().hasRoomFor(octets)) {
            handOver();
        }
        DatagramBatch batch = courier.batch();
        if (batch.size() == 0) {
            settings = reception.settings();
            nowMillis = clock.millis();
        }
        look(packet.sender());
        int offset = batch.append(settings.endpoint(), senderHigh, senderLow, senderPort, nowMillis, octets);
        payload.getBytes(payload.readerIndex(), batch.slab(), offset, octets);
    }

    /** The JDK gives the same object as long as the same exporter sends. */
    @SuppressWarnings("ReferenceEquality") // Another object costs one conversion.
    private void look(InetSocketAddress sender) {
        if (sender != lastSender) {
            Address address = Address.ofOctets(sender.getAddress().getAddress());
            senderHigh = address.high();
            senderLow = address.low();
            senderPort = sender.getPort();
            lastSender = sender;
        }
    }

    private void handOver() {
        if (!courier.deliver()) {
            courier.lose();
        }
    }
}
