// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.impl.DefaultCamelContext;
import org.apache.camel.impl.engine.PooledExchangeFactory;
import org.flowtally.api.datagram.DatagramBatch;

/** A context with the template of {@code pipeline} and, behind it, a hand-off that keeps all it gets. */
final class TestPipeline extends RouteBuilder implements AutoCloseable {
    /** What the hand-off does with a batch. */
    enum Mood {
        TAKES,
        IS_FULL,
        FAILS
    }

    final List<Received> received = Collections.synchronizedList(new ArrayList<>());
    volatile Mood mood = Mood.TAKES;
    volatile int batches;
    private final DefaultCamelContext context = new DefaultCamelContext(false);

    /**
     * A datagram as the pipeline sees it.
     *
     * @param batch the number of the batch that it came in
     */
    record Received(int batch, String endpoint, long high, long low, int port, String text) {}

    TestPipeline() throws Exception {
        context.getCamelContextExtension().setExchangeFactory(new PooledExchangeFactory());
        context.addRoutes(this);
        context.getShutdownStrategy().setTimeout(5);
        context.start();
    }

    CamelContext context() {
        return context;
    }

    @Override
    public void configure() {
        errorHandler(noErrorHandler());
        routeTemplate("endpoint")
                .templateParameter("bind.address")
                .templateParameter("port")
                .templateParameter("receive.buffer.octets")
                .templateParameter("receiver")
                .templateParameter("threads")
                .from("netty:udp://{{bind.address}}:{{port}}?sync=false&reuseAddress=false"
                        + "&receiveBufferSize={{receive.buffer.octets}}"
                        + "&serverInitializerFactory=#bean:{{receiver}}&workerGroup=#bean:{{threads}}"
                        + "&usingExecutorService=false")
                .process(this::take);
        routeTemplate("endpoint-tcp")
                .templateParameter("bind.address")
                .templateParameter("port")
                .templateParameter("receiver")
                .templateParameter("connections")
                .templateParameter("threads")
                .from("netty:tcp://{{bind.address}}:{{port}}?sync=false&reuseAddress=true&keepAlive=true&backlog=128"
                        + "&serverInitializerFactory=#bean:{{receiver}}&channelGroup=#bean:{{connections}}"
                        + "&bossGroup=#bean:{{threads}}&workerGroup=#bean:{{threads}}&usingExecutorService=false")
                .process(this::take);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // One thread writes.
    private void take(Exchange exchange) {
        if (mood == Mood.FAILS) {
            throw new IllegalStateException("a bug of the test");
        }
        if (mood == Mood.IS_FULL) {
            return;
        }
        DatagramBatch batch = exchange.getMessage().getBody(DatagramBatch.class);
        int number = ++batches;
        for (int at = 0; at < batch.size(); at++) {
            received.add(new Received(
                    number,
                    batch.endpoint(at).name() + batch.endpoint(at).realm(),
                    batch.sourceHigh(at),
                    batch.sourceLow(at),
                    batch.sourcePort(at),
                    new String(
                            batch.slab(),
                            batch.offset(at),
                            batch.length(at),
                            java.nio.charset.StandardCharsets.US_ASCII)));
        }
        exchange.getMessage().setBody(new DatagramBatch());
    }

    @Override
    public void close() {
        context.stop();
    }
}
