// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.handler.ssl.SslContext;
import io.netty.util.concurrent.FastThreadLocalThread;
import io.netty.util.concurrent.ImmediateEventExecutor;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.builder.TemplatedRouteBuilder;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.EndpointStatus;
import org.flowtally.api.endpoint.EndpointStatus.State;
import org.flowtally.lib.lookup.Address;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One endpoint with its receiving thread and, while the pipeline is there, its route and socket. Opened and closed under
 * the lock of {@link EndpointTable}; the status is read under it, too.
 */
final class EndpointSocket {
    private static final Logger LOG = LoggerFactory.getLogger(EndpointSocket.class);
    private static final String TEMPLATE = "endpoint";
    private static final String CONNECTED_TEMPLATE = "endpoint-tcp";
    private static final long LONGEST_DRAIN_SECONDS = 2;
    private static final AtomicLong SERIAL = new AtomicLong();

    private final Reception reception;
    private final InstantSource clock;
    private final KernelDrops kernel;
    private final Consumer<EndpointSocket> lost;
    private final EventLoopGroup threads;

    private volatile State state = State.STARTING;
    private volatile String message = "waits for the pipeline";
    private int grantedOctets;
    private long dropsOfClosed;
    private volatile @Nullable Channel channel;
    private volatile @Nullable ConnectionHub hub;
    private volatile @Nullable CamelContext openIn;
    private volatile Optional<SslContext> security;

    /**
     * Makes an endpoint that is not open yet.
     *
     * @param lost told when the socket was closed by anybody else than {@link #close()}
     */
    EndpointSocket(
            EndpointSettings settings,
            Optional<SslContext> security,
            InstantSource clock,
            KernelDrops kernel,
            Consumer<EndpointSocket> lost) {
        this.reception = new Reception(settings);
        this.security = security;
        this.clock = clock;
        this.kernel = kernel;
        this.lost = lost;
        String name = "flowtally-" + routeId();
        ThreadFactory thread = task -> new FastThreadLocalThread(task, name);
        this.threads = new MultiThreadIoEventLoopGroup(1, thread, NioIoHandler.newFactory());
    }

    EndpointSettings settings() {
        return reception.settings();
    }

    boolean isNamed(String name) {
        return settings().endpoint().name().equals(name);
    }

    /** Tells whether it should be open and is not. */
    boolean isFailed() {
        return state == State.FAILED;
    }

    /** Puts other settings in force, from the next datagrams and connections on; the socket stays as it is. */
    void settings(EndpointSettings changed, Optional<SslContext> changedSecurity) {
        security = changedSecurity;
        reception.settings(changed);
    }

    /** Opens the socket and tells whether it could; the state says why not. */
    @SuppressWarnings("IllegalCatch") // Camel says Exception.
    boolean open(CamelContext context) {
        close();
        state = State.STARTING;
        message = "";
        try {
            addRoute(context);
            openIn = context;
            opened();
            return true;
        } catch (Exception failure) {
            drain();
            removeRoute(context);
            hub = null;
            failed(failure);
            return false;
        }
    }

    private void addRoute(CamelContext context) {
        // Camel keeps what a parameter refers to by its name: each opening refers by a new one.
        String serial = "-" + SERIAL.incrementAndGet();
        String receiver = "receiver-of-" + routeId() + serial;
        String group = "threads-of-" + routeId() + serial;
        Endpoint endpoint = reception.settings().endpoint();
        TemplatedRouteBuilder route = TemplatedRouteBuilder.builder(
                        context, endpoint.transport().isConnected() ? CONNECTED_TEMPLATE : TEMPLATE)
                .routeId(routeId())
                .parameter("bind.address", bracketed(endpoint.bindAddress()))
                .parameter("port", endpoint.port())
                .parameter("receiver", receiver)
                .parameter("threads", group)
                .bean(group, threads);
        if (endpoint.transport().isConnected()) {
            String connections = "connections-of-" + routeId() + serial;
            ChannelGroup channels = new DefaultChannelGroup(ImmediateEventExecutor.INSTANCE);
            route.parameter("connections", connections)
                    .bean(connections, channels)
                    .bean(receiver, connectionInitializer(channels))
                    .add();
            channels.stream().filter(ServerChannel.class::isInstance).forEach(this::listening);
        } else {
            route.parameter("receive.buffer.octets", endpoint.receiveBufferOctets())
                    .bean(receiver, new ReceiverInitializer(reception, clock, this::opening, this::closed))
                    .add();
        }
    }

    private ConnectionInitializer connectionInitializer(ChannelGroup channels) {
        EventLoop loop = threads.next();
        return new ConnectionInitializer(reception, clock, loop, channels, () -> security, made -> hub = made);
    }

    private void listening(Channel listening) {
        channel = listening;
        listening.closeFuture().addListener(future -> closed());
    }

    private void opening(Channel opened) {
        channel = opened;
    }

    private void opened() {
        Channel opened = channel;
        state = State.OPEN;
        Endpoint endpoint = reception.settings().endpoint();
        if (endpoint.transport().isConnected()) {
            grantedOctets = 0; // The kernel sizes the buffers of connections by itself.
            LOG.info(
                    "endpoint open: endpoint={}, address={}, port={}, transport={}",
                    endpoint.name(),
                    endpoint.bindAddress(),
                    endpoint.port(),
                    endpoint.transport());
            return;
        }
        grantedOctets = opened == null ? 0 : opened.config().getOption(ChannelOption.SO_RCVBUF);
        int askedOctets = endpoint.receiveBufferOctets();
        LOG.info(
                "endpoint open: endpoint={}, address={}, port={}, receiveBufferOctets={}",
                endpoint.name(),
                endpoint.bindAddress(),
                endpoint.port(),
                grantedOctets);
        if (grantedOctets < askedOctets) {
            message = "receive buffer smaller than asked: asked=%d, granted=%d, remedy=sysctl -w net.core.rmem_max=%d"
                    .formatted(askedOctets, grantedOctets, askedOctets);
            LOG.warn("{}, endpoint={}", message, endpoint.name());
        }
    }

    private void failed(Exception failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        Endpoint endpoint = reception.settings().endpoint();
        String reason = "socket could not be opened: address=%s, port=%d, reason=%s"
                .formatted(endpoint.bindAddress(), endpoint.port(), root.getMessage());
        if (!reason.equals(message)) {
            LOG.warn("{}, endpoint={}, it is tried again", reason, endpoint.name());
        }
        message = reason;
        state = State.FAILED;
    }

    /** Called by the receiving thread. */
    private void closed() {
        if (openIn != null) {
            message = "socket was closed by a failure, the log names it";
            state = State.FAILED;
            lost.accept(this);
        }
    }

    /** Closes the socket, if it is open. */
    void close() {
        CamelContext context = openIn;
        if (context == null) {
            return;
        }
        openIn = null;
        dropsOfClosed += Math.max(0, drops());
        drain();
        removeRoute(context);
        channel = null;
        hub = null;
        state = State.STARTING;
        message = "waits for the pipeline";
        LOG.info("endpoint closed: endpoint={}", reception.settings().endpoint().name());
    }

    /** Lets connections hand over what they read; the receiving thread does it. */
    private void drain() {
        ConnectionHub draining = hub;
        if (draining == null) {
            return;
        }
        try {
            threads.next().submit(draining::drain).get(LONGEST_DRAIN_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException failure) {
            LOG.warn(
                    "connections could not be drained: endpoint={}",
                    settings().endpoint().name(),
                    failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @SuppressWarnings("IllegalCatch") // Camel says Exception.
    private void removeRoute(CamelContext context) {
        try {
            Route route = context.getRoute(routeId());
            context.getRouteController().stopRoute(routeId());
            context.removeRoute(routeId());
            if (route != null) {
                context.removeEndpoint(route.getEndpoint());
            }
        } catch (Exception failure) {
            LOG.warn("route could not be removed: route={}", routeId(), failure);
        }
    }

    /** Closes the socket and ends the receiving thread. */
    @SuppressWarnings("FutureReturnValueIgnored") // Nobody waits for an idle thread.
    void end() {
        close();
        threads.shutdownGracefully(0, 2, TimeUnit.SECONDS);
    }

    EndpointStatus status() {
        EndpointSettings settings = reception.settings();
        long drops = openIn == null ? 0 : drops();
        return new EndpointStatus(
                settings.endpoint(),
                state,
                message,
                reception.datagrams().value(),
                reception.octets().value(),
                reception.oversized().value(),
                reception.handOffLost().value(),
                drops == KernelDrops.UNKNOWN ? KernelDrops.UNKNOWN : dropsOfClosed + drops,
                grantedOctets,
                reception.errors().value(),
                reception.connections().counts());
    }

    private long drops() {
        Endpoint endpoint = reception.settings().endpoint();
        if (endpoint.transport().isConnected()) {
            return 0; // What the kernel has no room for stays with the exporter.
        }
        return kernel.at(Address.parse(endpoint.bindAddress()), endpoint.port());
    }

    private String routeId() {
        return "endpoint-" + reception.settings().endpoint().name();
    }

    private static String bracketed(String address) {
        return address.indexOf(':') < 0 ? address : "[" + address + "]";
    }
}
