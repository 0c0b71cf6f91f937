// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.lookup.Prefix;
import org.flowtally.lib.lookup.PrefixTable;
import org.flowtally.lib.report.QuietLog;

/**
 * The connections of one endpoint: who may connect and how many may, the one batch that all of them fill, and the moments at
 * which they rest and go on.
 *
 * <p>A connection that was read rests for the endpoint's pause, as a UDP socket does; then the batch goes through the route
 * and all that rest are read again. While the hand-off takes nothing, nobody is read: what an exporter sends then stays with
 * it, and nothing is lost (RFC 7011 §10.4). Owned by the endpoint's event loop.
 */
final class ConnectionHub {
    /** What is read at once from one connection. */
    static final int READ_OCTETS = 64 * 1024;

    private static final long BLOCKED_PAUSE_MICROS = 5_000;
    private static final long LOOK_SECONDS = 1;
    /** How long the rest of a message may take to come. */
    private static final long MESSAGE_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final BatchCourier courier;
    private final Reception reception;
    private final InstantSource clock;
    private final QuietLog quiet;
    private final EventLoop loop;
    private final List<ConnectionReceiver> open = new ArrayList<>();
    private final Map<Address, Integer> perAddress = new HashMap<>();
    private final ArrayDeque<ConnectionReceiver> resting = new ArrayDeque<>();
    private final ArrayDeque<ConnectionReceiver> blocked = new ArrayDeque<>();
    private List<Prefix> allowedSubnets = List.of();
    private PrefixTable allowed = PrefixTable.empty();
    private boolean isTurnDue;
    private boolean isHeldUp;
    private boolean isDraining;
    private Endpoint endpoint;
    private long nowMillis;

    ConnectionHub(BatchCourier courier, Reception reception, InstantSource clock, QuietLog quiet, EventLoop loop) {
        this.courier = courier;
        this.reception = reception;
        this.clock = clock;
        this.quiet = quiet;
        this.loop = loop;
        this.endpoint = reception.settings().endpoint();
        scheduleLook();
    }

    /** Decides on a connection that was just made; one that is refused leaves its traces in counters, log and batch. */
    boolean admits(InetSocketAddress sender) {
        Address address = Address.ofOctets(sender.getAddress().getAddress());
        EndpointSettings settings = reception.settings();
        if (!allows(settings.endpoint(), address)) {
            reception.connections().notAllowed().increment();
            // An empty datagram: admission, which remembers the refused, sees it and refuses it like any other.
            append(address, sender.getPort(), 0);
            turnSoon();
            return false;
        }
        ConnectionSettings limits = settings.connections();
        int ofAddress = perAddress.getOrDefault(address, 0);
        if (open.size() >= limits.most() || ofAddress >= limits.mostPerAddress()) {
            reception.connections().tooMany().increment();
            quiet.warn(
                    address,
                    "connection refused, too many: endpoint={}, address={}, connections={}, connections.max={},"
                            + " ofAddress={}, connections.per.address.max={}",
                    settings.endpoint().name(),
                    address,
                    open.size(),
                    limits.most(),
                    ofAddress,
                    limits.mostPerAddress());
            return false;
        }
        return true;
    }

    @SuppressWarnings("ReferenceEquality") // Snapshots share a list that did not change.
    private boolean allows(Endpoint by, Address address) {
        if (by.allowedSubnets() != allowedSubnets) {
            allowedSubnets = by.allowedSubnets();
            allowed = PrefixTable.of(allowedSubnets);
        }
        return allowed.contains(address.high(), address.low());
    }

    /** Takes a connection into the number of those open. */
    void opened(ConnectionReceiver connection) {
        open.add(connection);
        perAddress.merge(connection.address(), 1, Integer::sum);
        reception.connections().accepted().increment();
        reception.connections().open(open.size());
    }

    /** Takes notice that a connection is closed. What it read before is still worked off. */
    void closed(ConnectionReceiver connection) {
        if (open.remove(connection)) {
            perAddress.computeIfPresent(connection.address(), (address, count) -> count == 1 ? null : count - 1);
            reception.connections().open(open.size());
        }
        resting.remove(connection);
    }

    /**
     * Makes room for a message of a connection and returns where in the batch it goes, or -1 if the hand-off takes nothing
     * now.
     */
    int room(Address address, int port, int octets) {
        if (!courier.batch().hasRoomFor(octets) && !courier.deliver()) {
            if (!isDraining) {
                return -1;
            }
            courier.lose();
        }
        return append(address, port, octets);
    }

    private int append(Address address, int port, int octets) {
        DatagramBatch batch = courier.batch();
        if (!batch.hasRoomFor(octets)) {
            return -1; // A refused connection that finds the hand-off full leaves no trace but its counter.
        }
        if (batch.size() == 0) {
            endpoint = reception.settings().endpoint();
            nowMillis = clock.millis();
        }
        reception.datagrams().increment();
        reception.octets().add(octets);
        return batch.append(endpoint, address.high(), address.low(), port, nowMillis, octets);
    }

    /** Returns the array that {@link #room} tells a place in. */
    byte[] slab() {
        return courier.batch().slab();
    }

    /** Lets a connection rest until the next turn. */
    void rest(ConnectionReceiver connection) {
        resting.add(connection);
        turnSoon();
    }

    /** Lets a connection that holds messages wait until the hand-off takes some. */
    void block(ConnectionReceiver connection) {
        blocked.add(connection);
        turnSoon();
    }

    /** Sees to it that what is in the batch goes on its way soon. */
    void turnSoon() {
        turnIn(blocked.isEmpty() ? reception.settings().readPauseMicros() : BLOCKED_PAUSE_MICROS);
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The loop runs it or ends.
    private void turnIn(long micros) {
        if (!isTurnDue && !isDraining) {
            isTurnDue = true;
            loop.schedule(this::turn, micros, TimeUnit.MICROSECONDS);
        }
    }

    private void turn() {
        isTurnDue = false;
        if (isDraining) {
            return;
        }
        while (courier.deliver() && !blocked.isEmpty()) {
            if (blocked.peek().goOn()) {
                resting.add(blocked.remove());
            }
        }
        isHeldUp = courier.batch().size() > 0;
        if (isHeldUp) { // Nobody is read meanwhile.
            turnIn(BLOCKED_PAUSE_MICROS);
            return;
        }
        for (int left = resting.size(); left > 0; left--) {
            resting.remove().read();
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // The loop runs it or ends.
    private void scheduleLook() {
        loop.schedule(this::look, LOOK_SECONDS, TimeUnit.SECONDS);
    }

    /** Closes connections that have been silent for too long; while nobody is read, nobody can be silent. */
    private void look() {
        if (isDraining) {
            return;
        }
        ConnectionSettings limits = reception.settings().connections();
        long idleNanos = TimeUnit.SECONDS.toNanos(limits.idleSeconds());
        long nowNanos = System.nanoTime();
        for (ConnectionReceiver connection : List.copyOf(open)) {
            if (isHeldUp) {
                connection.spare(nowNanos);
            } else if (connection.isIdle(nowNanos, idleNanos)) {
                connection.timeOut("nothing came, seconds=" + limits.idleSeconds());
            } else if (connection.isStuck(nowNanos, MESSAGE_NANOS)) {
                connection.timeOut("the rest of a message did not come");
            }
        }
        scheduleLook();
    }

    /** Hands over all that was read, or counts it as lost, before the sockets are closed; nobody is read any more. */
    void drain() {
        isDraining = true;
        while (!blocked.isEmpty()) {
            blocked.remove().goOn();
        }
        if (!courier.deliver()) {
            courier.lose();
        }
    }

    /** Tells whether nobody is to be read any more. */
    boolean isDraining() {
        return isDraining;
    }

    /** Closes a channel without waiting for it. */
    @SuppressWarnings("FutureReturnValueIgnored") // Nothing depends on when it is closed.
    static void close(Channel channel) {
        channel.close();
    }
}
