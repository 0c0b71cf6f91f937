// SPDX-License-Identifier: Apache-2.0
package org.flowtally.accounting;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;

/** Batches of rows as the stages before accounting leave them. */
final class TestRows {
    static final long HOUR = 3_600_000;
    static final long TEN = Instant.parse("2026-11-20T10:00:00Z").toEpochMilli();
    static final Endpoint ENDPOINT = new Endpoint(
            "default", "0.0.0.0", 2055, Set.of(5), List.of(), false, List.of(), "", 1 << 20, SamplingMode.APPLY, 1);
    static final Exporter EXPORTER = new Exporter("default", "", 0, 0xFFFF_0A00_0001L, 5, 0);

    private static final long FIELDS = FlowField.ADDRESSES | FlowField.OCTETS | FlowField.PACKETS;

    private TestRows() {}

    static FlowBatch batch(TestSubscribers subscribers) {
        FlowBatch batch = new FlowBatch(1024);
        begin(batch, subscribers, TEN);
        return batch;
    }

    static void begin(FlowBatch batch, TestSubscribers subscribers, long receivedAt) {
        batch.clear();
        batch.subscribers(subscribers);
        batch.beginSpan(ENDPOINT, EXPORTER, receivedAt, receivedAt, FlowBatch.NO_UPTIME);
    }

    static int add(FlowBatch batch, int source, int destination, long start, long end, long octets, long packets) {
        int row = batch.claim(FIELDS);
        batch.addresses(row, 0, address(1), 0, address(2));
        batch.octets(row, octets);
        batch.packets(row, packets);
        batch.times(row, start, end);
        batch.subscribers(row, source, destination);
        return row;
    }

    /** Returns the lower half of 10.1.0.x. */
    static long address(int last) {
        return 0xFFFF_0A01_0000L + last;
    }
}
