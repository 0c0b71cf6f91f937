// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.fuzz;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.itests.contract.DecodedRow;
import org.flowtally.itests.contract.Decoding;
import org.flowtally.lib.template.ExporterTable;
import org.flowtally.lib.template.TemplateLimits;
import org.flowtally.lib.template.TemplateSpace;
import org.flowtally.lib.template.TrackedExporter;

/**
 * One way to give datagrams to a decoder: where they lie in their slab, what lies around them, how many rows a batch has.
 * Whatever the way, the same must come out; and each way looks for something that must not happen.
 */
final class Lane {
    private static final Set<DecodeResult> RESULTS = EnumSet.of(
            DecodeResult.DECODED,
            DecodeResult.WAITING_FOR_TEMPLATE,
            DecodeResult.TRUNCATED,
            DecodeResult.LENGTH_MISMATCH);
    private static final Set<DecodeResult> DAMAGED = EnumSet.of(DecodeResult.TRUNCATED, DecodeResult.LENGTH_MISMATCH);
    private static final TemplateLimits LIMITS = new TemplateLimits(8, 64, 60_000, 4096, 30_000, 16_384);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** The two tables of running totals, of newcomers and of all others, once; and some room for first calls. */
    private static final long ONCE_OCTETS = 5L << 20;

    private static final long OCTETS_PER_DATAGRAM = 64L << 10;
    private static final long OCTETS_PER_OCTET = 256;
    private static final long SENDER = 0xFFFF_C000_0201L;

    private final int marginOctets;
    private final byte poison;
    private final FlowBatch flows;
    private final Datagram datagram = new Datagram();
    private final List<DecodedRow> rows = new ArrayList<>();
    private TemplateSpace space = new TemplateSpace(LIMITS);
    private ExporterTable exporters = new ExporterTable(4, 0, space);
    private long allocated;
    private long allowed;

    /** Octets of a value before and behind each datagram; without any, reading beyond its end fails at once. */
    Lane(int marginOctets, int poison, int rowsOfBatch) {
        this.marginOctets = marginOctets;
        this.poison = (byte) poison;
        flows = new FlowBatch(rowsOfBatch);
    }

    /** Forgets all exporters. */
    void begin() {
        space = new TemplateSpace(LIMITS);
        exporters = new ExporterTable(4, 0, space);
        allocated = 0;
        allowed = ONCE_OCTETS;
    }

    /** Decodes a datagram; {@link #rows()} are its rows. */
    DecodeResult decode(FlowDecoder decoder, byte[] payload, long receivedAtMillis) {
        rows.clear();
        DatagramBatch batch = new DatagramBatch(payload.length + 2 * marginOctets, 3);
        Arrays.fill(batch.slab(), poison);
        batch.append(Decoding.ENDPOINT, 0, SENDER, 40_000, receivedAtMillis, marginOctets);
        int offset = batch.append(Decoding.ENDPOINT, 0, SENDER, 40_000, receivedAtMillis, payload.length);
        System.arraycopy(payload, 0, batch.slab(), offset, payload.length);
        datagram.view(batch, 1);

        long domain = decoder.domain(datagram);
        if (domain == FlowDecoder.NO_DOMAIN) {
            return DecodeResult.TRUNCATED;
        }
        TrackedExporter exporter =
                exporters.find(Decoding.ENDPOINT, 0, SENDER, decoder.version(), domain, receivedAtMillis);
        if (exporter == ExporterTable.NO_ROOM) {
            return DecodeResult.TOO_MANY_EXPORTERS;
        }
        exporter.take(datagram);
        allowed += OCTETS_PER_DATAGRAM + OCTETS_PER_OCTET * payload.length;
        DecodeResult result = decode(decoder, exporter);
        while (result == DecodeResult.SINK_FULL) {
            demand(datagram.resumeAt() != 0, "SINK_FULL notes where it goes on");
            demand(flows.size() > 0, "a decoder that found an empty batch gets on");
            result = decode(decoder, exporter);
        }
        if (!exporter.isKnown()) {
            meet(exporter, result);
        }
        demand(RESULTS.contains(result), "a result that decoders may give: " + result);
        demand(!DAMAGED.contains(result) || rows.isEmpty(), "no rows of a damaged datagram");
        demand(space.octets() >= 0 && space.octets() <= LIMITS.totalOctets(), "room kept: " + space.octets());
        demand(exporter.memory().templates() <= LIMITS.mostTemplates(), "templates within their limit");
        demand(exporter.memory().heldOctets() <= LIMITS.heldOctets(), "waiting data within its limit");
        return result;
    }

    private void meet(TrackedExporter exporter, DecodeResult result) {
        if (DAMAGED.contains(result)) {
            exporters.discard(exporter);
        } else {
            exporters.admit(exporter);
        }
    }

    private DecodeResult decode(FlowDecoder decoder, TrackedExporter exporter) {
        flows.clear();
        long before = THREADS.getCurrentThreadAllocatedBytes();
        DecodeResult result = decoder.decode(datagram, exporter, flows);
        allocated += THREADS.getCurrentThreadAllocatedBytes() - before;
        exporter.settle(flows, 0);
        int seen = 0;
        for (int span = 0; span < flows.spans(); span++) {
            for (int row = flows.firstRow(span); row < flows.endRow(span); row++) {
                rows.add(DecodedRow.of(flows, span, row));
                seen++;
            }
        }
        demand(seen == flows.size(), "every row lies in a span");
        return result;
    }

    /** Returns the octets allocated since the begin beyond what the datagrams justify, or 0. */
    long excessOctets() {
        return Math.max(0, allocated - allowed);
    }

    List<DecodedRow> rows() {
        return rows;
    }

    static void demand(boolean isKept, String rule) {
        if (!isKept) {
            throw new AssertionError(rule);
        }
    }
}
