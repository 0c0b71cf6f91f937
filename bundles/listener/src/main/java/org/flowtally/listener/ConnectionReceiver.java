// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.report.QuietLog;
import org.jspecify.annotations.Nullable;

/**
 * The end of one connection: finds its messages and copies them into the batch of the endpoint. What cannot go there because
 * the hand-off is full is parked, at most what was read at once, and the connection is not read until it is worked off.
 *
 * <p>A failure closes this connection and no other. Owned by the endpoint's event loop.
 */
final class ConnectionReceiver extends ChannelInboundHandlerAdapter {
    private static final int REASON_LETTERS = 160;

    private final ConnectionHub hub;
    private final Reception reception;
    private final BatchCourier courier;
    private final QuietLog quiet;
    private final Address address;
    private final int port;
    private final MessageFraming framing = new MessageFraming();
    private final ArrayDeque<ByteBuf> parked = new ArrayDeque<>(0);
    private @Nullable ChannelHandlerContext context;
    private int readOctets;
    private long heardNanos = System.nanoTime();
    private long begunNanos;
    private boolean isDone;

    ConnectionReceiver(
            ConnectionHub hub, Reception reception, BatchCourier courier, QuietLog quiet, InetSocketAddress sender) {
        this.hub = hub;
        this.reception = reception;
        this.courier = courier;
        this.quiet = quiet;
        this.address = Address.ofOctets(sender.getAddress().getAddress());
        this.port = sender.getPort();
    }

    Address address() {
        return address;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext added) {
        context = added;
    }

    @Override
    public void channelActive(ChannelHandlerContext active) {
        active.read();
    }

    @Override
    @SuppressWarnings("IllegalCatch") // A bug ends one connection, not the endpoint.
    public void channelRead(ChannelHandlerContext from, Object message) {
        ByteBuf octets = (ByteBuf) message;
        boolean isParked = false;
        try {
            readOctets += octets.readableBytes();
            if (isDone) {
                return;
            }
            if (!parked.isEmpty() || !consume(octets)) {
                parked.add(octets);
                isParked = true;
            }
        } catch (Throwable failure) {
            broken(failure);
        } finally {
            if (!isParked) {
                octets.release();
            }
        }
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext from) {
        boolean isMore = readOctets >= ConnectionHub.READ_OCTETS / 2;
        if (readOctets > 0) {
            heardNanos = System.nanoTime();
            readOctets = 0;
        }
        if (isDone) {
            return;
        }
        if (hub.isDraining()) {
            hub.drain(); // Read when the end was decided already.
            return;
        }
        if (!parked.isEmpty()) {
            hub.block(this);
        } else if (isMore) {
            hub.turnSoon();
            from.read();
        } else {
            hub.rest(this);
        }
    }

    /** Passes on every message in what was read; returns false if one finds no room. */
    private boolean consume(ByteBuf in) {
        while (true) {
            switch (framing.next(in)) {
                case MESSAGE -> {
                    int offset = hub.room(address, port, framing.length());
                    if (offset < 0) {
                        return false;
                    }
                    framing.take(in, hub.slab(), offset);
                    begunNanos = 0;
                }
                case NOTHING -> {
                    if (!framing.isWithinMessage()) {
                        begunNanos = 0;
                    } else if (begunNanos == 0) {
                        begunNanos = System.nanoTime() | 1; // 0 means that no message has begun.
                    }
                    return true;
                }
                case GARBAGE -> {
                    garbage();
                    return true;
                }
            }
        }
    }

    /** Works off what was parked; returns false if not all of it found room. */
    @SuppressWarnings("IllegalCatch") // A bug ends one connection, not the endpoint.
    boolean goOn() {
        try {
            while (!parked.isEmpty() && !isDone) {
                if (!consume(parked.peek())) {
                    return false;
                }
                if (!parked.isEmpty()) {
                    parked.remove().release();
                }
            }
        } catch (Throwable failure) {
            broken(failure);
        }
        return true;
    }

    /** Reads again, unless it is closed. */
    void read() {
        ChannelHandlerContext of = context;
        if (of != null && !isDone && of.channel().isActive()) {
            of.read();
        }
    }

    /** Tells whether nothing came for so long. */
    boolean isIdle(long nowNanos, long idleNanos) {
        return nowNanos - heardNanos > idleNanos;
    }

    /** Tells whether a message began so long ago and has not ended. */
    boolean isStuck(long nowNanos, long messageNanos) {
        return begunNanos != 0 && nowNanos - begunNanos > messageNanos;
    }

    /** Takes it for heard of: it was us who did not read. */
    void spare(long nowNanos) {
        heardNanos = nowNanos;
        begunNanos = begunNanos == 0 ? 0 : nowNanos | 1;
    }

    void timeOut(String reason) {
        reception.connections().timedOut().increment();
        quiet.warn(address, "connection closed, {}: endpoint={}, address={}", reason, name(), address);
        end();
    }

    private void garbage() {
        reception.connections().malformed().increment();
        quiet.warn(
                address,
                "connection closed, this is no IPFIX message: endpoint={}, address={}, version={}, length={},"
                        + " allowed=version 10 and a length of {}..{}",
                name(),
                address,
                framing.version(),
                framing.length(),
                MessageFraming.HEADER_OCTETS,
                MessageFraming.LARGEST_OCTETS);
        end();
    }

    private void broken(Throwable failure) {
        courier.failed(failure);
        end();
    }

    /** Returns what a failure says, shortened: of what is no TLS it quotes all octets that the sender chose to send. */
    static String reason(Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        return message.length() <= REASON_LETTERS ? message : message.substring(0, REASON_LETTERS) + "…";
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext from, Object event) {
        if (event instanceof SslHandshakeCompletionEvent handshake && !handshake.isSuccess()) {
            reception.connections().notSecured().increment();
            quiet.warn(
                    address,
                    "connection closed, the TLS handshake failed: endpoint={}, address={}, reason={}",
                    name(),
                    address,
                    reason(handshake.cause()));
            end();
        }
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext from, Throwable failure) {
        if (failure instanceof IOException || failure instanceof DecoderException) {
            end(); // The exporter is gone, or its TLS is broken: the handshake's event has told of it.
        } else {
            broken(failure);
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext from) {
        hub.closed(this);
    }

    /** Closes the connection and lets go of what it held. */
    private void end() {
        isDone = true;
        while (!parked.isEmpty()) {
            parked.remove().release();
        }
        if (context != null) {
            ConnectionHub.close(context.channel());
        }
    }

    private String name() {
        return reception.settings().endpoint().name();
    }
}
