// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import org.apache.camel.CamelContext;
import org.apache.camel.Endpoint;
import org.apache.camel.Exchange;
import org.apache.camel.Producer;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.lib.report.Counter;
import org.flowtally.lib.report.QuietLog;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The working thread: takes batches of datagrams from the hand-off and sends them through the lane's route, one exchange
 * per batch of flows, each between two crossings of the {@link BatchBoundary}.
 */
final class Lane {
    private static final Logger LOG = LoggerFactory.getLogger(Lane.class);

    /** Some 220 octets of columns a row, of which flows without NAT, MACs and VLANs fill half: it fits a second-level cache. */
    private static final int ROWS = 2048;

    /** How long nothing may arrive before stages are asked all the same. */
    private static final Duration IDLE = Duration.ofSeconds(1);

    private final HandOff handOff;
    private final BatchBoundary boundary;
    private final LaneBatch work = new LaneBatch(ROWS);
    private final Counter datagramsDone = new Counter();
    private final Counter batchesFailed = new Counter();
    private final QuietLog quiet;
    private final Endpoint endpoint;
    private final Producer route;
    private final Thread thread = new Thread(this::run, "flowtally-lane");

    Lane(HandOff handOff, BatchBoundary boundary, CamelContext context, InstantSource clock) throws Exception {
        this.handOff = handOff;
        this.boundary = boundary;
        this.quiet = new QuietLog(LOG, clock);
        this.endpoint = context.getEndpoint(FlowRoutes.LANE);
        this.route = endpoint.createProducer();
    }

    /** Starts the thread; the context is started before. */
    void start() {
        route.start();
        thread.start();
    }

    boolean isRunning() {
        return thread.isAlive();
    }

    /** Works off what the hand-off still holds, within a time, and ends the thread. */
    void drain(Duration limit) {
        handOff.close();
        try {
            thread.join(Math.max(1, limit.toMillis()));
            boundary.close();
            abandon(handOff.discard());
            thread.join(Math.max(1, limit.toMillis()));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            boundary.close();
            abandon(handOff.discard());
        }
        route.stop();
    }

    long datagramsDone() {
        return datagramsDone.value();
    }

    /** Returns how many batches the route itself failed on. */
    long batchesFailed() {
        return batchesFailed.value();
    }

    private void run() {
        try {
            while (!handOff.isDrained()) {
                Optional<DatagramBatch> next = handOff.take(IDLE);
                if (next.isPresent() && !passes(next.get())) {
                    return;
                } else if (next.isEmpty()) {
                    passNothing();
                }
            }
            passWhatIsHeld();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean passes(DatagramBatch datagrams) throws InterruptedException {
        work.load(datagrams);
        while (!work.isDecoded()) {
            if (!boundary.enter()) {
                abandon(datagrams.size() - datagrams.next());
                return false;
            }
            try {
                send();
            } finally {
                boundary.leave();
            }
        }
        datagramsDone.add(datagrams.size());
        handOff.release(datagrams);
        return true;
    }

    /** Lets a stage go on that holds rows back, although nothing arrives. */
    private void passNothing() {
        if (boundary.tryEnter()) {
            try {
                work.loadNothing(false);
                send();
            } finally {
                boundary.leave();
            }
        }
    }

    /** The lane ends: what stages hold back is decided now. */
    private void passWhatIsHeld() throws InterruptedException {
        do {
            work.loadNothing(true);
            if (!boundary.enter()) {
                return;
            }
            try {
                send();
            } finally {
                boundary.leave();
            }
        } while (work.flows().size() > 0);
    }

    @SuppressWarnings("IllegalCatch") // Camel says Exception; whatever it is, the lane goes on.
    private void send() {
        Exchange exchange = endpoint.createExchange();
        exchange.getMessage().setBody(work);
        try {
            route.process(exchange);
        } catch (Throwable failure) {
            exchange.setException(failure);
        }
        if (exchange.getException() != null) {
            batchesFailed.increment();
            quiet.error(
                    "route",
                    "route failed, its datagrams are given up: datagrams={}",
                    work.datagrams().size() - work.datagrams().next(),
                    exchange.getException());
            work.decoded(true);
        }
    }

    private static void abandon(long datagrams) {
        if (datagrams > 0) {
            LOG.error("datagrams are lost, the lane could not be drained in time: datagrams={}", datagrams);
        }
    }
}
