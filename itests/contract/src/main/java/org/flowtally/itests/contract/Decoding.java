// SPDX-License-Identifier: Apache-2.0
package org.flowtally.itests.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.flowtally.api.datagram.Datagram;
import org.flowtally.api.datagram.DatagramBatch;
import org.flowtally.api.decode.DecodeResult;
import org.flowtally.api.decode.FlowDecoder;
import org.flowtally.api.endpoint.Endpoint;
import org.flowtally.api.endpoint.SamplingMode;
import org.flowtally.api.flow.Exporter;
import org.flowtally.api.flow.FlowBatch;
import org.flowtally.api.flow.FlowField;
import org.flowtally.lib.lookup.Address;

/** One decoder at work on one exporter's datagrams, with small batches or large ones, and all that came of it. */
public final class Decoding {
    /** Where all datagrams are received. */
    public static final Endpoint ENDPOINT = new Endpoint(
            "contract", "127.0.0.1", 2055, Set.of(), List.of(), false, List.of(), "", 1 << 20, SamplingMode.APPLY, 1);

    /** When all datagrams are received. */
    public static final long RECEIVED_AT_MILLIS = 1_774_000_000_000L;

    private static final int MARGIN = 64;
    private static final byte POISON = (byte) 0xA5;
    private static final Address SENDER = Address.parse("192.0.2.1");

    private final FlowDecoder decoder;
    private final FlowBatch flows;
    private final RecordedExporter exporter;
    private final List<DecodedRow> rows = new ArrayList<>();
    private final Datagram datagram = new Datagram();

    /** Prepares a decoder with batches of so many rows. */
    public Decoding(FlowDecoder decoder, int rowsOfBatch) {
        this.decoder = decoder;
        this.flows = soiled(rowsOfBatch);
        this.exporter =
                new RecordedExporter(new Exporter("contract", "", SENDER.high(), SENDER.low(), decoder.version(), 0));
    }

    /** Decodes a datagram that lies between octets of others. */
    public DecodeResult decode(byte[] payload) {
        return decode(payload, MARGIN, POISON);
    }

    /** Decodes a datagram that ends where the slab ends: an octet read beyond it fails. */
    public DecodeResult decodeAtTheEnd(byte[] payload) {
        return decode(payload, 0, POISON);
    }

    /** Decodes a datagram between octets of one value. */
    public DecodeResult decode(byte[] payload, int marginOctets, byte poison) {
        DatagramBatch batch = new DatagramBatch(payload.length + 2 * marginOctets, 3);
        Arrays.fill(batch.slab(), poison);
        batch.append(ENDPOINT, SENDER.high(), SENDER.low(), 40_000, RECEIVED_AT_MILLIS, marginOctets);
        int offset = batch.append(ENDPOINT, SENDER.high(), SENDER.low(), 40_000, RECEIVED_AT_MILLIS, payload.length);
        System.arraycopy(payload, 0, batch.slab(), offset, payload.length);
        datagram.view(batch, 1);
        return decode();
    }

    private DecodeResult decode() {
        flows.clear();
        DecodeResult result = decoder.decode(datagram, exporter, flows);
        while (result == DecodeResult.SINK_FULL) {
            assertThat(datagram.resumeAt())
                    .as("SINK_FULL notes where it goes on")
                    .isNotZero();
            assertThat(flows.size())
                    .as("a decoder that found an empty batch gets on")
                    .isPositive();
            collect();
            flows.clear();
            result = decoder.decode(datagram, exporter, flows);
        }
        collect();
        return result;
    }

    private void collect() {
        int seen = 0;
        for (int span = 0; span < flows.spans(); span++) {
            assertThat(flows.endpoint(span)).isSameAs(ENDPOINT);
            assertThat(flows.receivedAtMillis(span)).isEqualTo(RECEIVED_AT_MILLIS);
            for (int row = flows.firstRow(span); row < flows.endRow(span); row++) {
                rows.add(DecodedRow.of(flows, span, row));
                seen++;
            }
        }
        assertThat(seen).as("every row lies in a span").isEqualTo(flows.size());
    }

    /** Returns every row so far. */
    public List<DecodedRow> rows() {
        return rows;
    }

    /** Returns the exporter, which knows what the decoder told it. */
    public RecordedExporter exporter() {
        return exporter;
    }

    /** A batch that was used before: every column holds something that must not shine through. */
    private static FlowBatch soiled(int rowsOfBatch) {
        FlowBatch flows = new FlowBatch(rowsOfBatch);
        flows.beginSpan(ENDPOINT, new Exporter("", "", 1, 2, 3, 4), 5, 6, 7);
        while (flows.remaining() > 0) {
            int row = flows.claim(~FlowField.NARROW);
            flows.addresses(row, 11, 12, 13, 14);
            flows.nextHop(row, 15, 0x1011_1213_1415_1617L); // No octet of what a narrow row may find here is 0.
            flows.octets(row, 17);
            flows.packets(row, 18);
            flows.ports(row, 19, 20);
            flows.protocol(row, 21);
            flows.tos(row, 22);
            flows.tcpFlags(row, 23);
            flows.interfaces(row, 24, 25);
            flows.autonomousSystems(row, 0x1A1B_1C1D, 0x1E1F_2021);
            flows.prefixLengths(row, 28, 29);
            flows.icmpTypeAndCode(row, 30);
            flows.observedTimes(row, 0x2223_2425_2627_2829L, 32);
            flows.sourceMac(row, 34);
            flows.destinationMac(row, 35);
            flows.vlan(row, 36);
            flows.postVlan(row, 37);
            flows.ingressVrf(row, 38);
            flows.egressVrf(row, 39);
            flows.direction(row, 40);
            flows.natSource(row, 41, 42);
            flows.natDestination(row, 43, 44);
            flows.natSourcePort(row, 45);
            flows.natDestinationPort(row, 46);
            flows.portBlockFirst(row, 47);
            flows.portBlockLast(row, 48);
            flows.natEvent(row, 49);
            flows.flowCount(row, 51);
            flows.firewallEvent(row, 50);
            flows.samplingRate(row, 33);
            flows.addQuality(row, 0xFF);
            assertThat(flows.has(row, FlowField.ADDRESSES)).isTrue();
        }
        flows.clear();
        return flows;
    }
}
