// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract;

import java.util.ArrayList;
import java.util.List;
import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.lib.lookup.Address;
import org.flowtally.lib.template.ExporterTable;
import org.flowtally.lib.template.ReadingRules;
import org.flowtally.lib.template.TemplateLimits;
import org.flowtally.lib.template.TemplateSpace;
import org.flowtally.lib.template.TrackedExporter;

/** A decoder at work as in the version switch: with exporters that are remembered, several of them, and time that goes on. */
public final class Collecting {
    private static final int ROWS = 4096;

    private final FlowDecoder decoder;
    private final FlowBatch flows = new FlowBatch(ROWS);
    private final Datagram datagram = new Datagram();
    private final TemplateSpace space = new TemplateSpace(TemplateLimits.USUAL);
    private final ExporterTable exporters = new ExporterTable(100, Long.MAX_VALUE, space);
    private final List<DecodedRow> rows = new ArrayList<>();
    private Address sender = Address.parse("192.0.2.1");
    private int port = 40_000;
    private long nowMillis = Decoding.RECEIVED_AT_MILLIS;

    /** Prepares a decoder. */
    public Collecting(FlowDecoder decoder) {
        this.decoder = decoder;
    }

    /** Sets who sends from now on. */
    public Collecting from(String address) {
        sender = Address.parse(address);
        return this;
    }

    /** Sets the source port of what is sent from now on. */
    public Collecting fromPort(int sourcePort) {
        port = sourcePort;
        return this;
    }

    /** Lets time pass. */
    public Collecting later(long millis) {
        nowMillis += millis;
        return this;
    }

    /** Sets how records are read from now on. */
    public Collecting reading(ReadingRules rules) {
        space.rules(rules);
        return this;
    }

    /** Receives a datagram; its rows are added to {@link #rows}. */
    public DecodeResult receive(byte[] payload) {
        DatagramBatch batch = new DatagramBatch(payload.length, 1);
        int offset = batch.append(Decoding.ENDPOINT, sender.high(), sender.low(), port, nowMillis, payload.length);
        System.arraycopy(payload, 0, batch.slab(), offset, payload.length);
        datagram.view(batch, 0);
        flows.clear();
        TrackedExporter exporter = exporters.find(
                Decoding.ENDPOINT, sender.high(), sender.low(), decoder.version(), decoder.domain(datagram), nowMillis);
        exporter.take(datagram);
        DecodeResult result = decoder.decode(datagram, exporter, flows);
        if (!exporter.isKnown()) {
            exporters.admit(exporter);
        }
        exporter.settle(flows, 0);
        for (int span = 0; span < flows.spans(); span++) {
            for (int row = flows.firstRow(span); row < flows.endRow(span); row++) {
                rows.add(DecodedRow.of(flows, span, row));
            }
        }
        return result;
    }

    /** Returns every row so far. */
    public List<DecodedRow> rows() {
        return rows;
    }

    /** Returns the exporters. */
    public ExporterTable exporters() {
        return exporters;
    }

    /** Returns what the memories of all exporters share. */
    public TemplateSpace space() {
        return space;
    }
}
