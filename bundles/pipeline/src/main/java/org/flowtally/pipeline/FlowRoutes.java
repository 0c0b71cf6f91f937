// SPDX-License-Identifier: Apache-2.0
package org.flowtally.pipeline;

import java.util.function.Consumer;
import org.apache.camel.Exchange;
import org.apache.camel.InvalidPayloadException;
import org.apache.camel.Message;
import org.apache.camel.Processor;
import org.apache.camel.builder.RouteBuilder;
import org.flowtally.api.datagram.DatagramBatch;

/**
 * The way of a flow, from the socket to the ledger.
 *
 * <pre>
 *                   receiving thread, one per endpoint       │      working thread
 * UDP ─▶ netty ─▶ receiver of {@code listener} ─▶ hand-off ──┼─▶ lane ─▶ admission ─▶ decode ─▶ clock guard ─▶ policy
 *                                                            │               ─▶ subscriber ─▶ accounting
 * </pre>
 *
 * A body is a batch. The {@code listener} makes a route from the template {@link #ENDPOINT} or {@link #CONNECTED_ENDPOINT} for every cfg file; its
 * receiver sends one exchange per batch of datagrams and goes on with the batch that it finds in the body afterwards. The
 * {@link Lane} sends one exchange per batch of flows.
 */
final class FlowRoutes extends RouteBuilder {
    /** The template of an endpoint's route. */
    static final String ENDPOINT = "endpoint";

    /** The template of the route of an endpoint with connections. */
    static final String CONNECTED_ENDPOINT = "endpoint-tcp";

    /** Where the lane sends its batches. */
    static final String LANE = "direct:lane";

    private final HandOff handOff;
    private final Stages stages;

    FlowRoutes(HandOff handOff, Stages stages) {
        this.handOff = handOff;
        this.stages = stages;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler()); // Whoever sends a batch looks at the outcome.

        routeTemplate(ENDPOINT)
                .templateParameter("bind.address")
                .templateParameter("port")
                .templateParameter("receive.buffer.octets")
                .templateParameter("receiver")
                .templateParameter("threads")
                .from("netty:udp://{{bind.address}}:{{port}}?sync=false&reuseAddress=false"
                        + "&receiveBufferSize={{receive.buffer.octets}}"
                        + "&serverInitializerFactory=#bean:{{receiver}}&workerGroup=#bean:{{threads}}"
                        + "&usingExecutorService=false")
                .process(this::handOver)
                .id("hand-off");

        routeTemplate(CONNECTED_ENDPOINT)
                .templateParameter("bind.address")
                .templateParameter("port")
                .templateParameter("receiver")
                .templateParameter("connections")
                .templateParameter("threads")
                .from("netty:tcp://{{bind.address}}:{{port}}?sync=false&reuseAddress=true&keepAlive=true&backlog=128"
                        + "&serverInitializerFactory=#bean:{{receiver}}&channelGroup=#bean:{{connections}}"
                        + "&bossGroup=#bean:{{threads}}&workerGroup=#bean:{{threads}}&usingExecutorService=false")
                .process(this::offer)
                .id("hand-off");

        from(LANE)
                .routeId("lane")
                .process(each(stages::admit))
                .id("admission")
                .process(each(stages::decode))
                .id("decode")
                .process(each(stages::guardClock))
                .id("clock-guard")
                .process(each(stages::applyPolicy))
                .id("policy")
                .process(each(stages::matchSubscribers))
                .id("subscriber")
                .process(each(stages::account))
                .id("accounting");
    }

    private void handOver(Exchange exchange) throws InvalidPayloadException {
        Message message = exchange.getMessage();
        message.setBody(handOff.exchange((DatagramBatch) message.getMandatoryBody()));
    }

    /** Takes a batch or leaves it: who reads from connections keeps it and asks again, so that nothing is lost. */
    private void offer(Exchange exchange) throws InvalidPayloadException {
        Message message = exchange.getMessage();
        message.setBody(handOff.offer((DatagramBatch) message.getMandatoryBody()));
    }

    private static Processor each(Consumer<LaneBatch> step) {
        return exchange -> step.accept((LaneBatch) exchange.getMessage().getMandatoryBody());
    }
}
