// SPDX-License-Identifier: Apache-2.0
package org.flowtally.listener;

import org.apache.camel.Exchange;
import org.apache.camel.component.netty.NettyConsumer;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.lib.report.QuietLog;

/**
 * The batch that a receiver fills, and its way through the route: one exchange per batch, and the receiver goes on with the
 * batch that comes back. Nothing is thrown. Owned by one event loop.
 */
final class BatchCourier {
    private final NettyConsumer consumer;
    private final Reception reception;
    private final QuietLog quiet;
    private DatagramBatch batch = new DatagramBatch();

    BatchCourier(NettyConsumer consumer, Reception reception, QuietLog quiet) {
        this.consumer = consumer;
        this.reception = reception;
        this.quiet = quiet;
    }

    /** Returns the batch to fill; another one after each delivery. */
    DatagramBatch batch() {
        return batch;
    }

    /** Sends the batch through the route and tells whether it was taken; if not, it is as full as before. */
    @SuppressWarnings("IllegalCatch") // Camel says Exception.
    boolean deliver() {
        if (batch.size() == 0) {
            return true;
        }
        Exchange exchange = consumer.createExchange(false);
        try {
            exchange.getMessage().setBody(batch);
            consumer.getProcessor().process(exchange);
            if (exchange.getException() != null) {
                failed(exchange.getException());
            } else if (exchange.getMessage().getBody() instanceof DatagramBatch returned) {
                batch = returned;
            }
        } catch (Exception failure) {
            failed(failure);
        } finally {
            consumer.releaseExchange(exchange, false);
        }
        return batch.size() == 0;
    }

    /** Gives up what is in the batch: nobody took it. */
    void lose() {
        reception.handOffLost().add(batch.size());
        batch.clear();
    }

    /** Counts and tells a failure that is a bug. */
    void failed(Throwable failure) {
        reception.errors().increment();
        String name = reception.settings().endpoint().name();
        quiet.error(failure.getClass(), "receiving failed, a bug: endpoint={}", name, failure);
    }
}
